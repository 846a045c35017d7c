"""``/api/queues`` on a real SNS and SQS: depth, dead letters and why, and putting them back."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from backend.domain.backoff import MAX_RECEIVES
from backend.services import clock
from backend.services.relay import relay
from backend.services.sample import sample_queues
from backend.store import replenishments
from tests.api.shop import JSON, Shop
from tests.servers.waiting import wait_until


@pytest.fixture
def shop(migrated_database_url: str, make_shop: Callable[..., Shop], aws: Callable[[], dict[str, str]]) -> Shop:
    """A shop of the test's own, with a topic and queues of its own."""
    return make_shop(migrated_database_url, **aws())


def publish(shop: Shop) -> None:
    """What the worker's relay does."""
    assert relay(database=shop.parts.database, topic=shop.parts.topic, clock=clock.now)


def give_up(shop: Shop, replenishment_id: str) -> None:
    """What becomes of a message that the factory refuses each time."""
    parts = shop.parts
    for count in range(1, MAX_RECEIVES + 1):
        [record] = parts.queue.receive()
        assert record.receive_count == count
        with parts.database.unit_of_work() as transaction:
            replenishments.mark_failed(
                transaction,
                replenishment_id,
                error="the factory answered 503: 점검 중",
                dead_lettered_at=clock.now() if count == MAX_RECEIVES else None,
            )
            transaction.commit()
        parts.queue.show_again_in(record, seconds=0)
    assert parts.queue.receive(wait_seconds=0) == []


def short(shop: Shop) -> str:
    sku = shop.open_product(on_hand=0)
    return str(shop.run_short(sku, 5)["replenishment_id"])


def depth(shop: Shop) -> tuple[int, int, int]:
    queues = shop.get("/api/queues")
    return queues["visible"], queues["in_flight"], queues["dead_letters"]


def letters(shop: Shop) -> list[JSON]:
    found: list[JSON] = shop.get("/api/queues/dead-letters")["dead_letters"]
    return found


def redrive(shop: Shop, body: JSON) -> int:
    response = shop.operate("POST", "/api/queues/dead-letters/redrive", body)
    assert response.status_code == 200, response.text
    return int(response.get_json()["redriven"])


def test_the_depth_is_what_sqs_says_and_the_age_what_the_database_says(shop: Shop) -> None:
    assert depth(shop) == (0, 0, 0)
    assert shop.get("/api/queues")["oldest_seconds"] is None
    short(shop)
    publish(shop)

    assert depth(shop) == (1, 0, 0)
    assert shop.get("/api/queues")["oldest_seconds"] >= 0
    assert shop.get("/api/overview")["queue"] == {"visible": 1, "in_flight": 0, "dead_letters": 0}
    shop.parts.queue.receive()
    assert depth(shop) == (0, 1, 0)


def test_samples_are_shown_oldest_first_and_only_those_asked_for(shop: Shop) -> None:
    now = clock.now()
    for minutes in (30, 10, 5):
        sample_queues(
            database=shop.parts.database,
            queue=shop.parts.queue,
            dead_letter_queue=shop.parts.dead_letter_queue,
            every=timedelta(seconds=10),
            clock=lambda: now - timedelta(minutes=minutes),  # noqa: B023 - called at once
        )

    def times(**query: int) -> list[str]:
        return [one["at"] for one in shop.get("/api/queues", **query)["samples"]]

    assert len(times()) == 2
    assert len(times(minutes=60)) == 3
    assert times(minutes=60) == sorted(times(minutes=60))


def test_a_dead_letter_is_explained_and_put_back(shop: Shop) -> None:
    order = short(shop)
    publish(shop)
    give_up(shop, order)

    assert depth(shop) == (0, 0, 1)
    assert shop.get("/api/queues")["oldest_seconds"] is None, (
        "it waits for an operator, and no longer on the queue"
    )
    [letter] = letters(shop)
    assert (letter["cause"], letter["attempts"]) == ("the factory answered 503: 점검 중", MAX_RECEIVES)
    assert letter["replenishment"] == {
        name: value for name, value in shop.order(order).items() if name not in ("timeline", "deliveries")
    }
    assert letter["payload"]["subject"] == "부산도너츠"
    assert letter["payload"]["attributes"]["ReplenishmentId"] == order
    assert [step["event"] for step in shop.order(order)["timeline"]] == [
        "requested",
        "published",
        "dead_lettered",
    ]

    assert redrive(shop, {}) == 1

    wait_until(lambda: depth(shop) == (1, 0, 0), seconds=5, what="the message to be on the queue again")
    assert letters(shop) == []
    assert shop.get("/api/queues")["oldest_seconds"] >= 0
    redriven = shop.order(order)
    assert (redriven["status"], redriven["attempts"], redriven["dead_lettered_at"]) == ("published", 0, None)


def test_some_are_put_back_and_the_others_stay(shop: Shop) -> None:
    orders = []
    for _ in range(3):
        orders.append(short(shop))
        publish(shop)
        give_up(shop, orders[-1])

    assert redrive(shop, {"replenishment_ids": [orders[1]]}) == 1

    assert depth(shop) == (1, 0, 2)
    assert [one["replenishment"]["id"] for one in letters(shop)] == [orders[0], orders[2]]
    assert redrive(shop, {"replenishment_ids": []}) == 0
    assert redrive(shop, {"replenishment_ids": [orders[1], "0" * 36]}) == 0
    assert redrive(shop, {"replenishment_ids": None}) == 2
    assert depth(shop) == (3, 0, 0)


def test_a_dead_letter_that_the_broker_has_lost_is_published_anew(shop: Shop) -> None:
    order = short(shop)
    publish(shop)
    give_up(shop, order)
    for record in shop.parts.dead_letter_queue.receive():
        shop.parts.dead_letter_queue.delete(record)

    assert redrive(shop, {}) == 1

    publish(shop)
    assert depth(shop) == (1, 0, 0)


def test_without_sqs_the_queues_say_so_and_the_rest_goes_on(fresh_shop: Shop) -> None:
    order = short(fresh_shop)
    with fresh_shop.parts.database.unit_of_work() as transaction:
        replenishments.mark_failed(transaction, order, error="x", dead_lettered_at=clock.now())
        transaction.commit()

    for response in (
        fresh_shop.client.get("/api/queues"),
        fresh_shop.operate("POST", "/api/queues/dead-letters/redrive", {}),
    ):
        assert response.status_code == 503
        assert response.headers["Retry-After"]
        assert response.get_json(force=True)["type"] == "urn:factoauto:problem:queue-unavailable"
    ready = fresh_shop.client.get("/readyz")
    assert (ready.status_code, ready.get_json()) == (
        503,
        {"status": "unavailable", "database": "ok", "queue": "not reached"},
    )
    assert fresh_shop.get("/api/overview")["queue"] is None
    assert len(letters(fresh_shop)) == 1
    assert fresh_shop.get("/healthz") == {"status": "ok"}
