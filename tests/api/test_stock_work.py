"""Restock, adjust, take back: what operators do with a shelf."""

import pytest

from backend.store.products import change_product
from tests.api.shop import Shop


def test_a_restock_orders_whole_lots(shop: Shop) -> None:
    sku = shop.open_product(on_hand=10, lot_size=10)

    response = shop.operate("POST", f"/api/products/{sku}/restock", {"quantity": 31})

    assert response.status_code == 201
    order = response.get_json()
    assert (order["quantity"], order["shortage"], order["cause"], order["status"]) == (
        40,
        31,
        "restock",
        "requested",
    )
    assert order["number"].startswith("RO-")
    assert shop.product(sku)["on_order"] == 40


@pytest.mark.parametrize("body", [{}, {"quantity": None}])
def test_a_restock_of_nothing_said_is_one_lot(shop: Shop, body: dict[str, object]) -> None:
    sku = shop.open_product(lot_size=24)

    assert shop.operate("POST", f"/api/products/{sku}/restock", body).get_json()["quantity"] == 24


def test_an_order_under_way_is_shown_instead_of_another(shop: Shop) -> None:
    sku = shop.open_product()
    first = shop.operate("POST", f"/api/products/{sku}/restock", {"quantity": 10}).get_json()

    response = shop.operate("POST", f"/api/products/{sku}/restock", {"quantity": 99})

    assert (response.status_code, response.get_json()) == (200, first)


def test_an_adjustment_moves_the_shelf_and_says_why(shop: Shop) -> None:
    sku = shop.open_product(on_hand=10)

    response = shop.operate("POST", f"/api/products/{sku}/adjustments", {"quantity": -4, "reason": "바닥에 쏟음"})

    assert response.status_code == 201
    movement = response.get_json()
    assert (movement["quantity"], movement["on_hand_after"], movement["kind"], movement["reason"]) == (
        -4,
        6,
        "adjustment",
        "바닥에 쏟음",
    )
    assert shop.movements(sku)[0] == movement
    assert shop.product(sku)["on_hand"] == 6


def test_an_adjustment_can_take_all_and_not_one_more(shop: Shop) -> None:
    sku = shop.open_product(on_hand=4)

    refused = shop.operate("POST", f"/api/products/{sku}/adjustments", {"quantity": -5, "reason": "x"})
    taken = shop.operate("POST", f"/api/products/{sku}/adjustments", {"quantity": -4, "reason": "x"})

    problem = refused.get_json(force=True)
    assert (refused.status_code, problem["type"]) == (409, "urn:factoauto:problem:stock-too-low")
    assert [error["field"] for error in problem["errors"]] == ["quantity"]
    assert "4" in problem["detail"]
    assert taken.status_code == 201
    assert shop.product(sku)["state"] == "out_of_stock"


def test_a_shelf_holds_no_more_than_a_thousand_million(shop: Shop) -> None:
    sku = shop.open_product(on_hand=1_000_000)
    with shop.parts.database.unit_of_work() as transaction:
        change_product(transaction, sku, {"on_hand": 999_999_999})
        transaction.commit()

    for path, body in (("adjustments", {"quantity": 2, "reason": "x"}), ("returns", {"quantity": 2})):
        response = shop.operate("POST", f"/api/products/{sku}/{path}", body)

        assert response.status_code == 409
        assert response.get_json(force=True)["type"] == "urn:factoauto:problem:stock-too-high"


def test_an_adjustment_below_the_reorder_point_orders(shop: Shop) -> None:
    sku = shop.open_product(on_hand=10, reorder_point=5)

    shop.operate("POST", f"/api/products/{sku}/adjustments", {"quantity": -6, "reason": "mice"})

    [order] = shop.get("/api/replenishments", sku=sku, open="true")["replenishments"]
    assert (order["cause"], order["on_hand_at_request"], order["shortage"]) == ("reorder_point", 4, 2)


def test_a_return_puts_units_back(shop: Shop) -> None:
    sku = shop.open_product(on_hand=10)

    movement = shop.operate("POST", f"/api/products/{sku}/returns", {"quantity": 2}).get_json()

    assert (movement["kind"], movement["quantity"], movement["on_hand_after"], movement["reason"]) == (
        "return",
        2,
        12,
        None,
    )


def test_the_shelf_of_an_archived_product_can_still_be_counted(shop: Shop) -> None:
    sku = shop.open_product(on_hand=2)
    shop.operate("PATCH", f"/api/products/{sku}", {"archived": True})

    response = shop.operate("POST", f"/api/products/{sku}/adjustments", {"quantity": -2, "reason": "given away"})

    assert (response.status_code, shop.product(sku)["on_hand"]) == (201, 0)
