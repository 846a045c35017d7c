"""``/api/activity``: what happened, newest first."""

from tests.api.shop import FACTORY_ID, Shop


def test_everything_that_moves_the_shop_is_told_with_who_did_it(fresh_shop: Shop) -> None:
    sku = fresh_shop.open_product(on_hand=5)
    sold = fresh_shop.buy(sku, 2).get_json()
    refused = fresh_shop.run_short(sku, 9)
    order = refused["replenishment_id"]
    fresh_shop.operate("POST", f"/api/products/{sku}/returns", {"quantity": 1})
    fresh_shop.operate("POST", f"/api/products/{sku}/adjustments", {"quantity": -3, "reason": "깨짐"})
    fresh_shop.deliver(order, 10)
    fresh_shop.deliver(order, 1, name="late")

    told = fresh_shop.get("/api/activity")["activity"]

    number = refused["replenishment_number"]
    assert [(one["kind"], one["quantity"], one["actor"], one["number"]) for one in told] == [
        ("refused_delivery", 1, FACTORY_ID, number),
        ("receipt", 10, FACTORY_ID, number),
        ("adjustment", -3, "alice", None),
        ("return", 1, "alice", None),
        ("out_of_stock", 9, "customer", None),
        ("order", 10, "factoauto", number),
        ("sale", 2, "customer", None),
    ]
    assert {one["sku"] for one in told} == {sku}
    references = {one["kind"]: one["reference"] for one in told}
    assert references["sale"] == sold["id"]
    assert references["out_of_stock"] == refused["purchase_id"]
    assert references["order"] == references["receipt"] == references["refused_delivery"] == order
    assert [one["at"] for one in told] == sorted((one["at"] for one in told), reverse=True)


def test_what_operators_order_is_told_as_theirs_and_what_they_only_change_is_not(fresh_shop: Shop) -> None:
    sku = fresh_shop.open_product(on_hand=5)
    fresh_shop.operate("PATCH", f"/api/products/{sku}", {"price": 1})
    fresh_shop.operate("POST", f"/api/products/{sku}/restock", {"quantity": 7})

    told = fresh_shop.get("/api/activity")["activity"]

    assert [(one["kind"], one["actor"], one["quantity"]) for one in told] == [("order", "alice", 10)]
