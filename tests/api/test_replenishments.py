"""``/api/replenishments`` and the factory's callback: an order from the shortage to the shelf."""

from itertools import pairwise

import pytest

from tests.api.past import parse
from tests.api.shop import FACTORY_ID, JSON, Shop

UNKNOWN_ID = "00000000-0000-7000-8000-000000000000"


def events(order: JSON) -> list[str]:
    return [step["event"] for step in order["timeline"]]


def short(shop: Shop, **values: object) -> tuple[str, JSON]:
    """A product that ran short by 20, and the order for it."""
    sku = shop.open_product(on_hand=0, **values)
    return sku, shop.order(shop.run_short(sku, 20)["replenishment_id"])


def test_an_order_says_why_it_was_made(shop: Shop) -> None:
    sku, order = short(shop, lot_size=15, reorder_point=3)

    assert order["status"] == "requested"
    assert (order["sku"], order["factory_id"], order["quantity"], order["received_quantity"]) == (
        sku,
        FACTORY_ID,
        15,
        0,
    )
    assert (order["cause"], order["shortage"], order["on_hand_at_request"]) == ("reorder_point", 4, 0)
    assert (order["reorder_point_at_request"], order["lot_size_at_request"]) == (3, 15)


def test_the_timeline_goes_from_the_request_to_the_shelf(shop: Shop) -> None:
    sku, order = short(shop)
    shop.take_order(order["id"])
    shop.deliver(order["id"], 5, name="first")
    assert shop.order(order["id"])["status"] == "partially_received"
    assert shop.product(sku)["on_order"] == 15
    shop.deliver(order["id"], 15, name="second")

    done = shop.order(order["id"])

    assert done["status"] == "received"
    assert done["received_quantity"] == 20
    assert events(done) == ["requested", "ordered", "delivered", "delivered", "received"]
    assert [step["detail"] for step in done["timeline"]] == [
        "refused_purchase",
        None,
        "5 units",
        "15 units",
        None,
    ]
    seconds = [step["seconds"] for step in done["timeline"]]
    assert seconds[0] is None
    assert all(one >= 0 for one in seconds[1:])
    times = [step["at"] for step in done["timeline"]]
    assert all(earlier <= later for earlier, later in pairwise(times))
    assert [(one["delivery_id"], one["quantity"], one["outcome"]) for one in done["deliveries"]] == [
        ("first", 5, "received"),
        ("second", 15, "received"),
    ]


def test_a_delivery_answers_in_the_words_of_the_original(shop: Shop) -> None:
    sku, order = short(shop)

    response = shop.deliver(order["id"], 20)

    assert (response.status_code, response.get_json()) == (200, {"message": "입고완료"})
    assert shop.product(sku)["on_hand"] == 20
    [receipt] = shop.movements(sku)
    assert (receipt["kind"], receipt["reference"]) == ("receipt", order["id"])


def test_a_delivery_without_a_name_closes_the_order_short_if_it_is_short(shop: Shop) -> None:
    sku, order = short(shop)

    shop.deliver(order["id"], 7)

    done = shop.order(order["id"])
    assert (done["status"], done["received_quantity"], shop.product(sku)["on_order"]) == ("received", 7, 0)
    assert done["deliveries"][0]["delivery_id"] == ""


@pytest.mark.parametrize("name", [None, "named"])
def test_a_repeated_delivery_gets_the_same_answer_and_changes_nothing(shop: Shop, name: str | None) -> None:
    sku, order = short(shop)
    first = shop.deliver(order["id"], 6, name=name)

    again = shop.deliver(order["id"], 6, name=name)

    assert (again.status_code, again.text) == (first.status_code, first.text)
    assert shop.product(sku)["on_hand"] == 6


def test_either_header_names_a_delivery(shop: Shop) -> None:
    sku, order = short(shop)
    body = {"MessageAttributeProductCnt": 3, "MessageAttributeProductId": sku}
    path = shop.callback_path(order["id"])

    for _ in range(2):
        shop.client.post(path, json=body, headers={"Idempotency-Key": "van-1"})
    shop.client.post(path, json=body, headers={"webhook-id": "van-2", "Idempotency-Key": "van-1"})

    assert [one["delivery_id"] for one in shop.order(order["id"])["deliveries"]] == ["van-1", "van-2"]
    assert shop.product(sku)["on_hand"] == 6


def test_a_delivery_for_a_closed_order_is_noted_and_changes_nothing(shop: Shop) -> None:
    sku, order = short(shop)
    shop.deliver(order["id"], 20)

    for _ in range(2):
        refused = shop.deliver(order["id"], 1, name="late")
        problem = refused.get_json(force=True)
        assert (refused.status_code, problem["type"]) == (409, "urn:factoauto:problem:replenishment-closed")

    done = shop.order(order["id"])
    assert [one["outcome"] for one in done["deliveries"]] == ["received", "refused"]
    assert events(done)[-1] == "delivery_refused"
    assert shop.product(sku)["on_hand"] == 20


@pytest.mark.parametrize(
    ("body", "kind", "field"),
    [
        ({"MessageAttributeProductCnt": 21}, "over-delivery", "MessageAttributeProductCnt"),
        ({"MessageAttributeProductCnt": 0}, "invalid-request", "MessageAttributeProductCnt"),
        ({"MessageAttributeProductCnt": -1}, "invalid-request", "MessageAttributeProductCnt"),
        ({"MessageAttributeProductCnt": "20"}, "invalid-request", "MessageAttributeProductCnt"),
        ({"MessageAttributeProductCnt": 1.5}, "invalid-request", "MessageAttributeProductCnt"),
        ({"MessageAttributeProductCnt": True}, "invalid-request", "MessageAttributeProductCnt"),
        ({}, "invalid-request", "MessageAttributeProductCnt"),
        (
            {"MessageAttributeProductCnt": 1, "MessageAttributeProductId": "OTHER"},
            "invalid-request",
            "MessageAttributeProductId",
        ),
        (
            {"MessageAttributeProductCnt": 1, "MessageAttributeFactoryId": "OTHER"},
            "invalid-request",
            "MessageAttributeFactoryId",
        ),
    ],
)
def test_a_delivery_that_cannot_be_is_refused_and_changes_nothing(
    shop: Shop, body: JSON, kind: str, field: str
) -> None:
    sku, order = short(shop)

    response = shop.client.post(shop.callback_path(order["id"]), json=body)

    problem = response.get_json(force=True)
    assert (response.status_code, problem["type"]) == (422, f"urn:factoauto:problem:{kind}")
    assert [error["field"] for error in problem["errors"]] == [field]
    assert (shop.product(sku)["on_hand"], shop.order(order["id"])["deliveries"]) == (0, [])


def test_a_delivery_s_name_with_another_count_is_refused(shop: Shop) -> None:
    _, order = short(shop)
    shop.deliver(order["id"], 5, name="van")

    response = shop.deliver(order["id"], 6, name="van")

    problem = response.get_json(force=True)
    assert (response.status_code, problem["type"]) == (422, "urn:factoauto:problem:delivery-id-reused")


def test_nobody_forges_a_delivery(shop: Shop) -> None:
    sku, order = short(shop)
    _, another = short(shop)
    genuine = shop.callback_path(order["id"])
    borrowed = shop.callback_path(another["id"]).replace(another["id"], order["id"])

    for path in (genuine.partition("?")[0], genuine[:-1], genuine + "0", borrowed, genuine.upper()):
        response = shop.client.post(path, data=b"{", content_type="text/plain")
        assert response.status_code in (401, 404), path
        if response.status_code == 401:
            assert response.get_json(force=True)["type"] == "urn:factoauto:problem:invalid-signature"
    assert shop.product(sku)["on_hand"] == 0


def test_a_signed_delivery_for_an_order_that_never_was_is_not_found(shop: Shop) -> None:
    assert shop.deliver(UNKNOWN_ID, 1).status_code == 404


def test_an_order_can_be_taken_back_until_the_factory_has_it(shop: Shop) -> None:
    sku, order = short(shop)

    response = shop.operate("POST", f"/api/replenishments/{order['id']}/cancel")

    assert response.status_code == 200
    cancelled = response.get_json()
    assert cancelled["status"] == "cancelled"
    assert cancelled["cancelled_at"] is not None
    assert shop.product(sku)["on_order"] == 0
    assert events(shop.order(order["id"])) == ["requested", "cancelled"]
    assert shop.deliver(order["id"], 1).status_code == 409


@pytest.mark.parametrize("state", ["ordered", "partially_received", "received", "cancelled"])
def test_it_is_too_late_to_cancel_afterwards(shop: Shop, state: str) -> None:
    _, order = short(shop)
    if state == "cancelled":
        shop.operate("POST", f"/api/replenishments/{order['id']}/cancel")
    else:
        shop.take_order(order["id"])
    if state.endswith("received"):
        shop.deliver(order["id"], 20 if state == "received" else 1, name="van")

    response = shop.operate("POST", f"/api/replenishments/{order['id']}/cancel")

    problem = response.get_json(force=True)
    assert (response.status_code, problem["type"]) == (409, "urn:factoauto:problem:too-late-to-cancel")
    assert state in problem["detail"]
    assert shop.order(order["id"])["status"] == state


@pytest.mark.parametrize("delivered", [0, 1])
def test_an_operator_need_not_wait_for_ever(shop: Shop, delivered: int) -> None:
    sku, order = short(shop)
    shop.take_order(order["id"])
    if delivered:
        shop.deliver(order["id"], delivered, name="van")

    refused = shop.operate("POST", f"/api/replenishments/{order['id']}/cancel?although_ordered=false")
    cancelled = shop.operate("POST", f"/api/replenishments/{order['id']}/cancel?although_ordered=true")

    assert "say although_ordered" in refused.get_json(force=True)["detail"]
    assert cancelled.status_code == 200
    assert (cancelled.get_json()["status"], cancelled.get_json()["received_quantity"]) == ("cancelled", delivered)
    assert shop.product(sku)["on_order"] == 0
    assert events(shop.order(order["id"]))[-1] == "cancelled"
    assert shop.deliver(order["id"], 1, name="a-late-van").status_code == 409
    assert shop.product(sku)["on_hand"] == delivered


def test_a_cancelled_order_is_made_anew_where_the_reorder_point_calls_for_it(shop: Shop) -> None:
    sku, order = short(shop, reorder_point=5)

    shop.operate("POST", f"/api/replenishments/{order['id']}/cancel")

    [anew] = shop.get("/api/replenishments", sku=sku, open="true")["replenishments"]
    assert anew["id"] != order["id"]
    assert anew["cause"] == "reorder_point"


def test_an_order_that_never_was_is_not_found(shop: Shop) -> None:
    assert shop.client.get(f"/api/replenishments/{UNKNOWN_ID}").status_code == 404
    assert shop.operate("POST", f"/api/replenishments/{UNKNOWN_ID}/cancel").status_code == 404


def test_orders_are_listed_by_product_and_by_whether_they_are_open(shop: Shop) -> None:
    sku, first = short(shop)
    shop.deliver(first["id"], 20)
    shop.buy(sku, 20)
    second = shop.run_short(sku, 1)["replenishment_id"]

    def ids(**query: str) -> list[str]:
        return [one["id"] for one in shop.get("/api/replenishments", sku=sku, **query)["replenishments"]]

    assert ids() == ids(open="false") == [second, first["id"]]
    assert ids(open="true") == [second]


def test_the_next_customer_is_told_when_stock_is_expected(shop: Shop) -> None:
    """From the lead time that was observed: how long the last orders took from request to receipt."""
    sku, order = short(shop)
    shop.deliver(order["id"], 20)
    done = shop.order(order["id"])
    shop.buy(sku, 20)

    problem = shop.run_short(sku, 5)

    second = shop.order(problem["replenishment_id"])
    assert problem["expected_at"] == second["expected_at"]
    lead_time = seconds_between(done["requested_at"], done["received_at"])
    assert seconds_between(second["requested_at"], second["expected_at"]) == pytest.approx(lead_time, abs=1e-5)


def seconds_between(begin: str, end: str) -> float:
    return (parse(end) - parse(begin)).total_seconds()
