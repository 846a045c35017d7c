"""Each of the simulator's switches, as the shop sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from factory_mock.factory import Factory
from tests.factory_mock.conftest import OPERATOR
from tests.factory_mock.shop import Shop, Told
from tests.servers.waiting import wait_until

Order = dict[str, Any]
KEY = {"Idempotency-Key": "replenishment-1"}
LONG = 100


@pytest.fixture(autouse=True)
def _quick(quick_retries: None) -> None:
    """Retries would only slow these tests down."""


def switch(client: FlaskClient, **faults: object) -> None:
    """Set the switches."""
    response = client.put("/faults", json=faults, headers=OPERATOR)
    assert response.status_code == 200, response.text


def place(client: FlaskClient, order: Order) -> TestResponse:
    return client.post("/api/manufactures", json=order, headers=KEY)


def settled(client: FlaskClient, response: TestResponse) -> dict[str, Any]:
    """Return the order as soon as nothing more happens to it."""
    path = response.headers["Location"]
    wait_until(
        lambda: client.get(path).get_json()["status"] in ("delivered", "undelivered"),
        seconds=10,
        what="the order to be settled",
    )
    document: dict[str, Any] = client.get(path).get_json()
    return document


@pytest.mark.parametrize("status", [400, 404, 418, 429, 500, 503, 599])
def test_refuse_answers_with_the_chosen_status_and_takes_no_order(
    client: FlaskClient, order: Order, status: int
) -> None:
    switch(client, refuse={"status": status})

    response = place(client, order)

    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    assert response.get_json(force=True)["type"] == "urn:factoauto:factory:simulated"
    assert client.get("/api/manufactures").get_json() == {"orders": []}


def test_refuse_may_be_for_so_many_times_and_counts_down(client: FlaskClient, order: Order) -> None:
    switch(client, refuse={"status": 500, "times": 2})

    assert place(client, order).status_code == 500
    assert client.get("/faults", headers=OPERATOR).get_json()["refuse"] == {"status": 500, "times": 1}
    assert place(client, order).status_code == 500
    assert client.get("/faults", headers=OPERATOR).get_json()["refuse"] is None
    assert place(client, order).status_code == 202


def test_refuse_lasts_until_it_is_switched_off(client: FlaskClient, order: Order) -> None:
    switch(client, refuse={})
    assert [place(client, order).status_code for _ in range(3)] == [503] * 3

    switch(client)

    assert place(client, order).status_code == 202


@pytest.fixture
def aside() -> Iterator[ThreadPoolExecutor]:
    """Threads for requests that are kept waiting."""
    with ThreadPoolExecutor(4) as threads:
        yield threads


def test_time_out_gives_no_answer_until_switched_off_and_takes_no_order(
    client: FlaskClient, order: Order, aside: ThreadPoolExecutor
) -> None:
    switch(client, time_out={"seconds": LONG, "times": 1})

    waiting = aside.submit(place, client.application.test_client(), order)
    wait_until(
        lambda: client.get("/faults", headers=OPERATOR).get_json()["time_out"] is None,
        seconds=10,
        what="the order to arrive",
    )

    assert not waiting.done()
    switch(client)
    assert waiting.result().status_code == 504
    assert client.get("/api/manufactures").get_json() == {"orders": []}


def test_time_out_ends_by_itself_after_its_seconds(client: FlaskClient, order: Order) -> None:
    switch(client, time_out={"seconds": 0.01})

    assert place(client, order).status_code == 504


def test_slow_answer_takes_the_order_at_once_and_answers_later(
    client: FlaskClient, shop: Shop, order: Order, aside: ThreadPoolExecutor
) -> None:
    """So a shop that gave up waiting has an order all the same, which its repeat must not double."""
    switch(client, slow_answer={"seconds": LONG, "times": 1})

    waiting = aside.submit(place, client.application.test_client(), order)
    shop.wait_for(1)

    assert not waiting.done()
    repeat = place(client, order)
    switch(client)
    assert waiting.result().get_json()["id"] == repeat.get_json()["id"]


def test_the_switches_stay_within_reach_however_many_are_kept_waiting(
    make_factory: Callable[..., Factory],
    client_of: Callable[..., FlaskClient],
    order: Order,
    aside: ThreadPoolExecutor,
) -> None:
    client = client_of(make_factory(places=1))
    switch(client, time_out={"seconds": LONG})

    orders = [aside.submit(place, client.application.test_client(), order) for _ in range(3)]
    wait_until(lambda: sum(one.done() for one in orders) == 2, seconds=10, what="all but one to be answered")

    switch(client)
    assert [one.result().status_code for one in orders] == [504] * 3


def test_no_callback_keeps_silent_until_the_shop_asks_again(client: FlaskClient, shop: Shop, order: Order) -> None:
    switch(client, no_callback={"times": 1})

    document = settled(client, place(client, order))

    assert document["status"] == "undelivered"
    assert document["deliveries"][0]["status"] == "withheld"
    assert shop.told == []
    place(client, order)
    assert shop.wait_for(1)[0].quantity == 10


def test_double_callback_tells_the_same_delivery_twice(client: FlaskClient, shop: Shop, order: Order) -> None:
    switch(client, double_callback={"times": 1})

    place(client, order)

    first, second = shop.wait_for(2)
    assert (first.delivery, first.body) == (second.delivery, second.body)


def test_late_callback_comes_after_the_lead_time_and_its_seconds(
    client: FlaskClient, shop: Shop, order: Order
) -> None:
    switch(client, late_callback={"seconds": 3600, "times": 1}, no_callback=None)
    late = place(client, order)
    wait_until(
        lambda: client.get("/faults", headers=OPERATOR).get_json()["late_callback"] is None,
        seconds=10,
        what="the switch to be used up",
    )
    assert client.get(late.headers["Location"]).get_json()["status"] == "in_production"
    assert shop.told == []

    switch(client, late_callback={"seconds": 0.01})
    client.post("/api/manufactures", json=order)

    shop.wait_for(1)


def test_partial_callback_delivers_in_parts_that_add_up_each_with_its_own_id(
    client: FlaskClient, shop: Shop, order: Order
) -> None:
    switch(client, partial_callback={"parts": 3})

    document = settled(client, place(client, order))

    told = shop.wait_for(3)
    assert sorted(one.quantity for one in told) == [3, 3, 4]
    assert len({one.delivery for one in told}) == 3
    assert [one["quantity"] for one in document["deliveries"]] == [4, 3, 3]
    assert document["status"] == "delivered"


def test_parts_are_the_same_when_the_order_is_repeated(client: FlaskClient, shop: Shop, order: Order) -> None:
    switch(client, partial_callback={"parts": 3, "times": 1})
    settled(client, place(client, order))

    place(client, order)

    def pairs(told: list[Told]) -> set[tuple[str, int]]:
        return {(one.delivery, one.quantity) for one in told}

    told = shop.wait_for(6)
    assert pairs(told[:3]) == pairs(told[3:])


def test_reordered_callback_tells_of_the_last_part_first_and_of_one_at_a_time(
    client: FlaskClient, shop: Shop, order: Order
) -> None:
    switch(client, partial_callback={"parts": 4}, reordered_callback={"times": 1})

    document = settled(client, place(client, order))

    told = [one.delivery for one in shop.wait_for(4)]
    assert told == [f"{document['id']}.{part}" for part in (4, 3, 2, 1)]
    assert document["status"] == "delivered"


def test_more_parts_than_pieces_are_as_many_as_there_are_pieces(
    client: FlaskClient, shop: Shop, order: Order
) -> None:
    switch(client, partial_callback={"parts": 20})

    settled(client, place(client, order | {"MessageAttributeProductCnt": 2}))

    assert [one.quantity for one in shop.wait_for(2)] == [1, 1]


@pytest.mark.parametrize(("difference", "reported"), [(1, 11), (-3, 7), (-10, 0), (-11, -1)])
def test_wrong_count_reports_another_count_than_it_delivers(
    client: FlaskClient, shop: Shop, order: Order, difference: int, reported: int
) -> None:
    shop.answers = [(422, {})]
    switch(client, wrong_count={"difference": difference, "times": 1})

    document = settled(client, place(client, order))

    assert shop.wait_for(1)[0].quantity == reported
    assert document["deliveries"][0]["last_error"] == "answered 422"
    place(client, order)
    assert shop.wait_for(2)[1].quantity == 10


def test_forged_signature_spoils_the_signature_and_nothing_else(
    client: FlaskClient, shop: Shop, order: Order
) -> None:
    shop.answers = [(401, {})]
    switch(client, forged_signature={"times": 1})

    document = settled(client, place(client, order))

    [told] = shop.wait_for(1)
    path, _, query = told.path.partition("?")
    assert path == "/callbacks/replenishments/R-1"
    assert query.startswith("signature=")
    assert "genuine" not in query
    assert document["deliveries"][0]["last_error"] == "answered 401"


def test_a_callback_without_a_signature_is_forged_by_adding_one(
    client: FlaskClient, shop: Shop, order: Order
) -> None:
    switch(client, forged_signature={})

    place(client, order | {"CallbackUrl": f"{shop.url}/callback?a=1"})

    assert shop.wait_for(1)[0].path.startswith("/callback?a=1&signature=")


def test_switches_work_together(client: FlaskClient, shop: Shop, order: Order) -> None:
    switch(client, partial_callback={"parts": 2}, double_callback={}, late_callback={"seconds": 0.01})

    place(client, order)

    assert sorted(one.quantity for one in shop.wait_for(4)) == [5, 5, 5, 5]
