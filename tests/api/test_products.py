"""``/api/products``: the range, and what operators change of it."""

import pytest

from tests.api.shop import FACTORY_ID, Shop, unused_sku


def test_a_new_product_is_shown_with_everything_that_is_known_of_it(shop: Shop) -> None:
    sku = unused_sku()

    response = shop.operate(
        "POST",
        "/api/products",
        {
            "sku": sku,
            "name": "찹쌀 꽈배기",
            "name_en": "Glutinous rice twist",
            "price": 1_900,
            "factory_id": FACTORY_ID,
            "on_hand": 50,
            "reorder_point": 20,
            "lot_size": 40,
        },
    )

    assert response.status_code == 201
    product = response.get_json()
    assert product.pop("created_at") == product.pop("updated_at")
    assert product == {
        "sku": sku,
        "name": "찹쌀 꽈배기",
        "name_en": "Glutinous rice twist",
        "price": 1_900,
        "factory_id": FACTORY_ID,
        "on_hand": 50,
        "on_order": 0,
        "reorder_point": 20,
        "lot_size": 40,
        "state": "in_stock",
        "sales_per_minute": 0.0,
        "archived_at": None,
    }
    assert "찹쌀 꽈배기" in response.text
    assert shop.product(sku) == response.get_json()


def test_opening_stock_is_the_first_line_of_the_ledger(shop: Shop) -> None:
    sku, empty = shop.open_product(on_hand=5), shop.open_product(on_hand=0)

    [opening] = shop.movements(sku)

    assert (opening["kind"], opening["quantity"], opening["on_hand_after"], opening["reason"]) == (
        "adjustment",
        5,
        5,
        "opening stock",
    )
    assert shop.movements(empty) == []


def test_a_product_that_is_short_from_the_start_is_ordered_at_once(shop: Shop) -> None:
    sku = shop.open_product(on_hand=2, reorder_point=5, lot_size=10)

    assert shop.product(sku)["on_order"] == 10
    [order] = shop.get("/api/replenishments", sku=sku)["replenishments"]
    assert (order["cause"], order["shortage"], order["quantity"]) == ("reorder_point", 4, 10)


def test_a_sku_is_given_once_even_if_its_product_is_archived(shop: Shop) -> None:
    sku = shop.open_product()
    body = {"sku": sku, "name": "a", "name_en": "a", "price": 1, "factory_id": FACTORY_ID}

    for archived in (False, True):
        shop.operate("PATCH", f"/api/products/{sku}", {"archived": archived})
        response = shop.operate("POST", "/api/products", body)

        assert response.status_code == 409
        problem = response.get_json(force=True)
        assert problem["type"] == "urn:factoauto:problem:sku-taken"
        assert [error["field"] for error in problem["errors"]] == ["sku"]
    assert shop.product(sku)["name"] == "부산도너츠"


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "새 이름"},
        {"name_en": "New name"},
        {"price": 0},
        {"lot_size": 25},
        {"reorder_point": 0},
        {"reorder_point": None},
        {"name": "둘", "price": 5},
    ],
)
def test_a_change_changes_what_it_names_and_nothing_else(shop: Shop, changes: dict[str, object]) -> None:
    sku = shop.open_product(on_hand=10, reorder_point=1)
    before = shop.product(sku)

    response = shop.operate("PATCH", f"/api/products/{sku}", changes)

    assert response.status_code == 200
    after = response.get_json()
    assert after.pop("updated_at") > before.pop("updated_at")
    assert after == before | changes


def test_a_change_of_nothing_is_none(shop: Shop) -> None:
    sku = shop.open_product()

    assert shop.operate("PATCH", f"/api/products/{sku}", {}).status_code == 200


def test_a_higher_reorder_point_may_call_for_an_order(shop: Shop) -> None:
    sku = shop.open_product(on_hand=10, lot_size=6)

    changed = shop.operate("PATCH", f"/api/products/{sku}", {"reorder_point": 12}).get_json()

    assert (changed["on_order"], changed["state"]) == (6, "low")


def test_an_archived_product_is_kept_and_neither_listed_nor_sold_nor_ordered(shop: Shop) -> None:
    sku = shop.open_product(on_hand=3)

    archived = shop.operate("PATCH", f"/api/products/{sku}", {"archived": True}).get_json()

    assert archived["archived_at"] is not None
    assert shop.product(sku)["archived_at"] == archived["archived_at"]
    assert sku not in [one["sku"] for one in shop.get("/api/products", limit=200)["products"]]
    assert shop.buy(sku).status_code == 404
    assert shop.operate("POST", f"/api/products/{sku}/restock", {}).status_code == 404
    again = shop.operate("PATCH", f"/api/products/{sku}", {"archived": True}).get_json()
    assert again["archived_at"] == archived["archived_at"], "since when it is archived stays"


def test_a_product_comes_back_from_the_archive_and_is_ordered_if_it_is_short(shop: Shop) -> None:
    sku = shop.open_product(on_hand=3)
    shop.operate("PATCH", f"/api/products/{sku}", {"archived": True, "reorder_point": 5})
    assert shop.product(sku)["on_order"] == 0

    shop.operate("PATCH", f"/api/products/{sku}", {"archived": False})

    assert shop.product(sku)["archived_at"] is None
    assert shop.product(sku)["on_order"] == 10
    assert shop.buy(sku).status_code == 201


@pytest.mark.parametrize(
    ("on_hand", "reorder_point", "state"),
    [
        (0, None, "out_of_stock"),
        (1, None, "in_stock"),
        (0, 0, "out_of_stock"),
        (1, 0, "in_stock"),
        (5, 5, "low"),
        (6, 5, "in_stock"),
    ],
)
def test_the_state_says_how_the_shelf_stands(
    shop: Shop, on_hand: int, reorder_point: int | None, state: str
) -> None:
    sku = shop.open_product(on_hand=on_hand, reorder_point=reorder_point)

    assert shop.product(sku)["state"] == state


@pytest.mark.parametrize("call", ["GET", "PATCH", "restock", "adjustments", "returns", "movements"])
def test_what_there_is_none_of_is_not_found(shop: Shop, call: str) -> None:
    path = "/api/products/NO-SUCH-THING"
    body = {"adjustments": {"quantity": 1, "reason": "x"}, "returns": {"quantity": 1}}.get(call, {})
    if call in ("GET", "movements"):
        response = shop.client.get(path if call == "GET" else f"{path}/movements")
    else:
        method, path = ("PATCH", path) if call == "PATCH" else ("POST", f"{path}/{call}")
        response = shop.operate(method, path, body)

    assert response.status_code == 404
    assert response.get_json(force=True)["type"] == "urn:factoauto:problem:unknown-product"


def test_skus_that_differ_in_case_are_different_products(shop: Shop) -> None:
    sku = shop.open_product(on_hand=1)
    lower = shop.open_product(sku=sku.lower(), on_hand=2)

    assert [shop.product(one)["on_hand"] for one in (sku, lower)] == [1, 2]
