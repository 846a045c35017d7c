"""``/api/purchases``: what a customer asks, and what becomes of it."""

import pytest

from tests.api.shop import Shop


def test_a_purchase_takes_its_units_and_says_so_in_the_words_of_the_original(shop: Shop) -> None:
    sku = shop.open_product(price=1_800)

    response = shop.buy(sku, 3)

    assert response.status_code == 201
    sold = response.get_json()
    assert sold | {"id": "", "created_at": ""} == {
        "id": "",
        "sku": sku,
        "quantity": 3,
        "unit_price": 1_800,
        "outcome": "sold",
        "replenishment_id": None,
        "message": "판매완료",
        "created_at": "",
    }
    assert "판매완료" in response.text
    assert shop.product(sku)["on_hand"] == 7
    assert shop.get(f"/api/purchases/{sold['id']}") == sold


def test_a_refused_purchase_names_the_order_that_it_waits_for(shop: Shop) -> None:
    sku = shop.open_product(on_hand=2)

    response = shop.buy(sku, 5)

    assert response.status_code == 409
    assert response.mimetype == "application/problem+json"
    problem = response.get_json(force=True)
    assert problem["type"] == "urn:factoauto:problem:out-of-stock"
    assert problem["title"] == "재고부족, 제품 생산 요청!"
    assert (problem["sku"], problem["quantity"]) == (sku, 5)
    assert problem["expected_at"] is None, "no lead time was observed yet"
    order = shop.order(problem["replenishment_id"])
    assert (order["number"], order["cause"], order["shortage"]) == (
        problem["replenishment_number"],
        "refused_purchase",
        3,
    )
    assert order["correlation_id"] == problem["purchase_id"]
    assert shop.product(sku)["on_hand"] == 2
    refused = shop.get(f"/api/purchases/{problem['purchase_id']}")
    assert refused["outcome"] == "out_of_stock"
    assert refused["replenishment_id"] == order["id"]
    assert refused["message"] == "재고부족, 제품 생산 요청!"


def test_one_unit_is_bought_where_no_quantity_is_said(shop: Shop) -> None:
    sku = shop.open_product()

    response = shop.client.post("/api/purchases", json={"sku": sku})

    assert response.get_json()["quantity"] == 1


def test_no_more_is_sold_to_one_than_the_shop_s_limit(shop: Shop) -> None:
    sku = shop.open_product(on_hand=1000)

    assert shop.buy(sku, 100).status_code == 201
    refused = shop.buy(sku, 101)

    assert refused.status_code == 422
    assert refused.get_json(force=True)["errors"] == [{"field": "quantity", "detail": "must be at most 100"}]


def test_what_the_shop_does_not_have_or_has_no_more_is_not_found(shop: Shop) -> None:
    sku = shop.open_product()
    shop.operate("PATCH", f"/api/products/{sku}", {"archived": True})

    for unknown in ("NO-SUCH-THING", sku, sku.lower()):
        response = shop.buy(unknown)
        assert response.status_code == 404
        assert response.get_json(force=True)["type"] == "urn:factoauto:problem:unknown-product"


@pytest.mark.parametrize("purchase_id", ["00000000-0000-7000-8000-000000000000", "f" * 36])
def test_a_purchase_that_nobody_made_is_not_found(shop: Shop, purchase_id: str) -> None:
    response = shop.client.get(f"/api/purchases/{purchase_id}")

    assert response.status_code == 404


def test_the_price_of_a_purchase_is_that_of_its_moment(shop: Shop) -> None:
    sku = shop.open_product(price=1_800)
    before = shop.buy(sku).get_json()
    shop.operate("PATCH", f"/api/products/{sku}", {"price": 2_000})

    after = shop.buy(sku).get_json()

    assert shop.get(f"/api/purchases/{before['id']}")["unit_price"] == 1_800
    assert after["unit_price"] == 2_000
