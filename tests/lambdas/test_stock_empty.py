"""``stock_empty``: SQS batches to orders at the factory, each record on its own."""

from types import ModuleType
from typing import Any

import pytest
import uuid_utils

from tests.integration.fake_factory import FakeFactory
from tests.integration.till import Till
from tests.lambdas.account import Account
from tests.lambdas.events import SWEEP_SECONDS, Context, sqs_event


@pytest.fixture
def short(till: Till) -> list[str]:
    """Three products that ran short; their orders are in the outbox."""
    skus = [f"CP-{uuid_utils.uuid4().hex[:12]}" for _ in range(3)]
    for sku in skus:
        till.open(sku, on_hand=0)
        till.restock(sku=sku)
    return skus


@pytest.fixture
def batch(lambdas: ModuleType, account: Account, short: list[str]) -> list[dict[str, Any]]:
    """Their messages, received from the queue."""
    lambdas.sweep({}, Context(timeout_seconds=SWEEP_SECONDS))
    messages = [message for message in account.receive() if any(sku in message["Body"] for sku in short)]
    assert len(messages) == len(short)
    return messages


def _failed(answer: dict[str, Any]) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def _ordered(factory: FakeFactory) -> list[str]:
    return sorted(received.order["MessageAttributeProductId"] for received in factory.received)


def test_a_batch_is_ordered_once_and_a_repeat_of_it_orders_nothing(
    lambdas: ModuleType, batch: list[dict[str, Any]], short: list[str], factory: FakeFactory
) -> None:
    first = lambdas.stock_empty(sqs_event(batch), Context())
    again = lambdas.stock_empty(sqs_event(batch), Context())

    assert _failed(first) == _failed(again) == []
    assert _ordered(factory) == sorted(short)


def test_one_order_that_is_refused_stays_on_the_queue_alone(
    lambdas: ModuleType, batch: list[dict[str, Any]], short: list[str], factory: FakeFactory, till: Till
) -> None:
    factory.refuse(short[1])

    answer = lambdas.stock_empty(sqs_event(batch), Context())

    [refused] = [message["MessageId"] for message in batch if short[1] in message["Body"]]
    statuses = [till.orders(sku=sku)[0].status.value for sku in short]
    assert _failed(answer) == [refused]
    assert statuses == ["ordered", "published", "ordered"]


@pytest.mark.parametrize("body", ["{", "", '"text"', '{"Message": 7}', "[" * 100_000], ids=lambda body: body[:9])
def test_one_unreadable_record_takes_no_neighbour_along(
    lambdas: ModuleType, account: Account, batch: list[dict[str, Any]], factory: FakeFactory, body: str
) -> None:
    unreadable = {**batch[1], "Body": body}

    answer = lambdas.stock_empty(sqs_event([batch[0], unreadable, batch[2]]), Context())

    assert _failed(answer) == [batch[1]["MessageId"]]
    assert len(factory.received) == 2


def test_a_record_without_its_count_of_receives_takes_no_neighbour_along(
    lambdas: ModuleType, batch: list[dict[str, Any]], factory: FakeFactory
) -> None:
    answer = lambdas.stock_empty(sqs_event([batch[0], {**batch[1], "Attributes": {}}]), Context())

    assert _failed(answer) == [batch[1]["MessageId"]]
    assert len(factory.received) == 1


def test_an_order_that_the_function_could_not_finish_is_left_to_the_next_one_at_once(
    lambdas: ModuleType, account: Account, batch: list[dict[str, Any]], factory: FakeFactory
) -> None:
    answer = lambdas.stock_empty(sqs_event(batch), Context(timeout_seconds=4))

    assert len(_failed(answer)) == len(batch)
    assert factory.received == []
    assert {message["MessageId"] for message in account.receive()} >= set(_failed(answer))


def test_an_event_without_records_fails_the_function(lambdas: ModuleType) -> None:
    """Lambda then keeps the whole batch, rather than deleting what nobody read."""
    with pytest.raises(Exception, match=r"Records|SQS|event"):
        lambdas.stock_empty({"detail": {}}, Context())
