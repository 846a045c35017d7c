"""From the outbox to the queue, through a real SNS and SQS."""

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from backend.bootstrap import Parts
from backend.domain.backoff import longest_wait_seconds
from backend.domain.replenishment import Status
from backend.domain.time_budget import UNLIMITED, TimeBudget
from backend.services.relay import LEASE, PUBLISH_SECONDS, relay
from backend.store import outbox
from tests.integration.books import Books
from tests.integration.till import DONUT, FACTORY_ID, Till, wants
from tests.servers.ports import free_port

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

ReadBooks = Callable[[], Books]


def _relay(parts: Parts, till: Till, *, budget: TimeBudget = UNLIMITED) -> int:
    return relay(database=parts.database, topic=parts.topic, clock=till.clock, budget=budget)


def _envelopes(parts: Parts) -> list[dict[str, Any]]:
    """What is in the queue; taken off it."""
    found = []
    while records := parts.queue.receive():
        for record in records:
            found.append(json.loads(record.body))
            parts.queue.delete(record)
    return found


def test_the_message_is_the_originals_with_our_attribute(parts: Parts, till: Till) -> None:
    till.open(on_hand=0)
    request = replace(wants(), subject="부산도너츠 서면점", message="재고가 없어요")
    till.sell(request)
    [order] = till.orders()

    assert _relay(parts, till) == 1

    [envelope] = _envelopes(parts)
    assert envelope["Type"] == "Notification"
    assert envelope["TopicArn"].endswith(f":{parts.settings.topic_name}")
    assert envelope["Subject"] == "부산도너츠 서면점"
    text, _, moment = envelope["Message"].partition(" \n \n This was sent: ")
    assert (text, moment) == ("재고가 없어요", order.requested_at.isoformat())
    assert envelope["MessageAttributes"] == {
        "ProductId": {"Type": "String", "Value": DONUT},
        "FactoryId": {"Type": "String", "Value": FACTORY_ID},
        "ReplenishmentId": {"Type": "String", "Value": order.id},
    }


def test_messages_of_a_product_are_a_group(parts: Parts, till: Till, sqs: "SQSClient", queue_url: str) -> None:
    till.open(on_hand=0)
    till.buy()
    _relay(parts, till)

    [message] = sqs.receive_message(QueueUrl=queue_url, MessageSystemAttributeNames=["All"])["Messages"]

    assert message["Attributes"]["MessageGroupId"] == DONUT


def test_what_was_published_is_noted_once_and_not_published_again(
    parts: Parts, till: Till, read_books: ReadBooks
) -> None:
    till.open(on_hand=0)
    till.buy()

    assert [_relay(parts, till) for _ in range(3)] == [1, 0, 0]

    [row] = read_books()["outbox"]
    assert row["published_at"] is not None
    assert row["claimed_until"] is None
    [order] = till.orders()
    assert order.status is Status.PUBLISHED
    assert order.published_at is not None
    assert len(_envelopes(parts)) == 1


def test_relays_at_once_publish_everything_and_nothing_twice(
    parts: Parts, till: Till, read_books: ReadBooks
) -> None:
    for number in range(40):
        till.open(f"CP-{number}", on_hand=0)
    till.sell(*(wants(sku=f"CP-{number}") for number in range(40)))

    with ThreadPoolExecutor(4) as pool:
        published = sum(pool.map(lambda _: sum(iter(lambda: _relay(parts, till), 0)), range(4)))

    assert published == 40
    told = Counter(envelope["MessageAttributes"]["ReplenishmentId"]["Value"] for envelope in _envelopes(parts))
    assert told == Counter(order.id for order in till.orders())
    assert all(row["published_at"] for row in read_books()["outbox"])


def _spoil(parts: Parts, sku: str) -> None:
    """Make a message that the topic refuses."""
    spoil = sa.text("UPDATE outbox SET attributes = :spoilt WHERE message_group = :sku")
    with parts.database.unit_of_work() as transaction:
        transaction.execute(spoil.bindparams(spoilt=json.dumps({"ProductId": ""}), sku=sku))
        transaction.commit()


def test_a_message_that_cannot_be_published_does_not_hold_up_the_rest(
    parts: Parts, till: Till, read_books: ReadBooks
) -> None:
    for sku in ("A", "B", "C"):
        till.open(sku, on_hand=0)
        till.buy(sku=sku)
    _spoil(parts, "A")

    assert _relay(parts, till) == 2

    assert {one["MessageAttributes"]["ProductId"]["Value"] for one in _envelopes(parts)} == {"B", "C"}
    [waiting] = [row for row in read_books()["outbox"] if not row["published_at"]]
    assert waiting["attempts"] == 1
    assert waiting["last_error"]


def test_a_message_that_cannot_be_published_is_tried_again_less_and_less_often(
    parts: Parts, till: Till, read_books: ReadBooks
) -> None:
    till.open(on_hand=0)
    till.buy()
    _spoil(parts, DONUT)

    for failures in range(1, 9):
        _relay(parts, till)
        [row] = read_books()["outbox"]
        assert row["attempts"] == failures
        before = till.clock.ahead
        till.clock.ahead = before + timedelta(seconds=longest_wait_seconds(failures=min(failures, 6)) - 1)
        assert _relay(parts, till) == 0
        assert read_books()["outbox"] == [row]
        till.clock.ahead += timedelta(seconds=2)


def test_a_relay_that_died_with_a_message_in_hand_leaves_it_to_the_next(parts: Parts, till: Till) -> None:
    till.open(on_hand=0)
    till.buy()
    with parts.database.unit_of_work() as transaction:  # it claimed, and was killed
        outbox.claim_messages(transaction, now=till.clock(), lease=LEASE, limit=10)
        transaction.commit()

    assert _relay(parts, till) == 0
    till.clock.ahead = LEASE + timedelta(seconds=1)

    assert _relay(parts, till) == 1
    assert len(_envelopes(parts)) == 1


def test_while_aws_is_away_messages_wait_a_moment_and_not_for_a_dead_relays_lease(
    parts: Parts, till: Till, read_books: ReadBooks
) -> None:
    till.open("A", on_hand=0)
    till.open("B", on_hand=0)
    till.sell(wants(sku="A"), wants(sku="B"))
    away = Parts(parts.settings.model_copy(update={"aws_endpoint_url": f"http://127.0.0.1:{free_port()}"}))

    assert relay(database=parts.database, topic=away.topic, clock=till.clock) == 0

    assert [row["attempts"] for row in read_books()["outbox"]] == [1, 1]
    till.clock.ahead = timedelta(seconds=longest_wait_seconds(failures=1))
    assert _relay(parts, till) == 2


def test_what_there_is_no_time_to_publish_is_left_to_the_next_relay_at_once(
    parts: Parts, till: Till, read_books: ReadBooks
) -> None:
    for sku in ("A", "B", "C"):
        till.open(sku, on_hand=0)
        till.buy(sku=sku)
    left = iter([PUBLISH_SECONDS] * 3)  # to begin with, and to publish two

    assert _relay(parts, till, budget=TimeBudget(lambda: next(left, 0))) == 2

    assert [row["attempts"] for row in read_books()["outbox"] if not row["published_at"]] == [0]
    assert _relay(parts, till) == 1
    assert len(_envelopes(parts)) == 3


def test_a_relay_without_time_claims_nothing(parts: Parts, till: Till, read_books: ReadBooks) -> None:
    till.open(on_hand=0)
    till.buy()
    before = read_books()

    assert _relay(parts, till, budget=TimeBudget(lambda: 0)) == 0

    assert read_books() == before


def test_what_was_cancelled_meanwhile_is_published_and_stays_cancelled(parts: Parts, till: Till) -> None:
    till.open(on_hand=0)
    order = till.restock().replenishment.id
    till.cancel(order)

    assert _relay(parts, till) == 1
    assert till.order(order).status is Status.CANCELLED
