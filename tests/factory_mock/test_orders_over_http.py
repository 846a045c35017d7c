"""Placing orders: what is taken, what is refused and how, and what is shown."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from factory_mock.factory import Factory
from tests.factory_mock.shop import Shop
from tests.servers.waiting import wait_until

Order = dict[str, Any]
KEY = {"Idempotency-Key": "replenishment-1"}
JSON = {"Content-Type": "application/json"}


def as_xml(order: Order) -> str:
    fields = "".join(f"<{name}>{str(value).replace('&', '&amp;')}</{name}>" for name, value in order.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Order>\n{fields}</Order>'


def wait_until_delivered(client: FlaskClient, order_id: str) -> None:
    """Wait until the factory has noted the shop's answer, which is a moment after the shop gave it."""
    wait_until(
        lambda: client.get(f"/api/manufactures/{order_id}").get_json()["status"] == "delivered",
        seconds=10,
        what="the order to be delivered",
    )


def test_an_order_is_taken_produced_and_called_back_with_its_own_fields(
    client: FlaskClient, shop: Shop, order: Order
) -> None:
    response = client.post("/api/manufactures", json=order, headers=KEY)

    assert response.status_code == 202
    taken = response.get_json()
    assert (taken["status"], taken["quantity"], taken["sku"]) == ("in_production", 10, "CP-502101")
    assert taken["expected_at"] >= taken["ordered_at"]
    assert response.headers["Location"] == f"/api/manufactures/{taken['id']}"
    [told] = shop.wait_for(1)
    assert told.body == order
    assert told.path == "/callbacks/replenishments/R-1?signature=genuine"
    assert told.headers["content-type"] == "application/json"
    assert told.headers["host"] == f"127.0.0.1:{shop.port}"
    wait_until_delivered(client, taken["id"])
    [delivery] = client.get(response.headers["Location"]).get_json()["deliveries"]
    assert delivery == {
        "id": told.delivery, "quantity": 10, "status": "accepted", "attempts": 1, "last_error": None
    }  # fmt: skip


def test_an_order_is_produced_for_its_lead_time_first(
    make_factory: Callable[..., Factory], client_of: Callable[..., FlaskClient], shop: Shop, order: Order
) -> None:
    client = client_of(make_factory(lead_time_seconds=3600))

    taken = client.post("/api/manufactures", json=order).get_json()

    assert client.get(f"/api/manufactures/{taken['id']}").get_json()["status"] == "in_production"
    assert shop.told == []


def test_the_older_address_takes_the_same_order(client: FlaskClient, shop: Shop, order: Order) -> None:
    assert client.post("/api/manufacture", json=order).status_code == 202

    assert shop.wait_for(1)[0].body == order


def test_a_count_may_be_digits_and_comes_back_as_a_number(client: FlaskClient, shop: Shop, order: Order) -> None:
    response = client.post("/api/manufactures", json=order | {"MessageAttributeProductCnt": "10"})

    assert response.get_json()["quantity"] == 10
    assert shop.wait_for(1)[0].body["MessageAttributeProductCnt"] == 10


def test_an_xml_order_is_the_same_as_a_json_order(client: FlaskClient, shop: Shop, order: Order) -> None:
    first = client.post("/api/manufactures", json=order, headers=KEY)
    second = client.post("/api/manufactures", data=as_xml(order), content_type="application/xml", headers=KEY)

    assert second.status_code == 202
    assert second.get_json()["id"] == first.get_json()["id"]
    assert shop.wait_for(1)[0].body == order


def test_fields_that_were_left_out_are_not_sent_back(client: FlaskClient, shop: Shop, order: Order) -> None:
    kept = {
        name: order[name]
        for name in order
        if name not in ("MessageGroupId", "MessageAttributeRequester", "MessageAttributeTel")
    }

    assert client.post("/api/manufactures", json=kept).status_code == 202

    assert shop.wait_for(1)[0].body == kept


def test_the_shops_correlation_id_is_logged_and_comes_back_with_the_callback(
    client: FlaskClient, shop: Shop, order: Order, log: list[Any]
) -> None:
    taken = client.post("/api/manufactures", json=order, headers={"X-Correlation-Id": "purchase-7"})

    [told] = shop.wait_for(1)
    wait_until_delivered(client, taken.get_json()["id"])
    assert told.headers["x-correlation-id"] == "purchase-7"
    assert taken.get_json()["correlation_id"] == "purchase-7"
    traced = [entry["event"] for entry in log if entry.get("correlation_id") == "purchase-7"]
    assert traced == ["order_taken", "callback_answered"]


def test_the_same_key_and_order_are_produced_once_even_under_concurrent_requests(
    make_factory: Callable[..., Factory], client_of: Callable[..., FlaskClient], order: Order
) -> None:
    client = client_of(make_factory(lead_time_seconds=3600))

    def send(_: int) -> TestResponse:
        return client.application.test_client().post("/api/manufactures", json=order, headers=KEY)

    with ThreadPoolExecutor(8) as pool:
        responses = list(pool.map(send, range(40)))

    assert {response.status_code for response in responses} == {202}
    assert len({response.get_json()["id"] for response in responses}) == 1
    assert sum("Idempotent-Replayed" not in response.headers for response in responses) == 1
    assert len(client.get("/api/manufactures").get_json()["orders"]) == 1


def test_without_a_key_each_order_is_a_new_one(client: FlaskClient, order: Order) -> None:
    ids = {client.post("/api/manufactures", json=order).get_json()["id"] for _ in range(3)}

    assert len(ids) == 3


def test_the_same_key_for_another_order_is_refused(client: FlaskClient, order: Order) -> None:
    client.post("/api/manufactures", json=order, headers=KEY)

    again = client.post("/api/manufactures", json=order | {"MessageAttributeProductCnt": 20}, headers=KEY)

    assert again.status_code == 422
    assert again.get_json(force=True)["type"] == "urn:factoauto:factory:idempotency-key-reused"


def test_a_repeat_of_a_finished_order_is_called_back_again_as_the_same_delivery(
    client: FlaskClient, shop: Shop, order: Order
) -> None:
    taken = client.post("/api/manufactures", json=order, headers=KEY).get_json()
    shop.wait_for(1)
    wait_until_delivered(client, taken["id"])

    again = client.post("/api/manufactures", json=order, headers=KEY)

    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.get_json()["id"] == taken["id"]
    first, second = shop.wait_for(2)
    assert first.delivery == second.delivery
    assert first.body == second.body


def test_a_repeat_may_renew_the_signature_in_its_callback_url(
    client: FlaskClient, shop: Shop, order: Order
) -> None:
    """A shop that rotates its secret asks again with another signature; that is no other order."""
    client.post("/api/manufactures", json=order, headers=KEY)
    shop.wait_for(1)
    renewed = order | {"CallbackUrl": order["CallbackUrl"].replace("genuine", "renewed")}

    assert client.post("/api/manufactures", json=renewed, headers=KEY).status_code == 202

    assert shop.wait_for(2)[1].path.endswith("?signature=renewed")


def test_a_repeat_may_not_move_the_callback_elsewhere(client: FlaskClient, order: Order) -> None:
    client.post("/api/manufactures", json=order, headers=KEY)
    moved = order | {"CallbackUrl": order["CallbackUrl"].replace("R-1", "R-2")}

    assert client.post("/api/manufactures", json=moved, headers=KEY).status_code == 422


def test_orders_are_listed_newest_first_without_their_signatures(client: FlaskClient, order: Order) -> None:
    ids = [client.post("/api/manufactures", json=order).get_json()["id"] for _ in range(3)]

    response = client.get("/api/manufactures?limit=2")

    listed = response.get_json()["orders"]
    assert [one["id"] for one in listed] == [ids[2], ids[1]]
    assert listed[0]["callback_url"].endswith("/callbacks/replenishments/R-1?redacted")
    assert "genuine" not in response.text
    assert "부산도너츠" in response.text  # UTF-8, unescaped


def test_an_unknown_order_is_not_found(client: FlaskClient) -> None:
    response = client.get("/api/manufactures/%00nothing")

    assert response.status_code == 404
    assert response.get_json(force=True)["type"] == "urn:factoauto:factory:unknown-order"


def test_a_factory_whose_book_is_full_of_work_says_when_to_come_back(
    make_factory: Callable[..., Factory], client_of: Callable[..., FlaskClient], order: Order
) -> None:
    client = client_of(make_factory(lead_time_seconds=3600, limit=2))
    for _ in range(2):
        client.post("/api/manufactures", json=order)

    response = client.post("/api/manufactures", json=order)

    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
