"""What is forgotten on its way is found again; what is past its time is deleted."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from backend.adapters.sqs import QueueUnavailable
from backend.bootstrap import Parts
from backend.domain.replenishment import Status
from backend.domain.time_budget import UNLIMITED, TimeBudget
from backend.entrypoints.worker import _sweep_once
from backend.services.sample import sample_queues
from backend.services.sweep import NOTE_SECONDS, OUTBOX_RETENTION, SAMPLE_RETENTION, Swept, sweep
from tests.integration.books import Books
from tests.integration.fake_factory import FakeFactory
from tests.integration.messaging.pump import relay_all, work_off
from tests.integration.till import DONUT, Till

ReadBooks = Callable[[], Books]


def _sweep(parts: Parts, till: Till, *, budget: TimeBudget = UNLIMITED) -> Swept:
    return sweep(
        database=parts.database,
        factory=parts.factory,
        shop=parts.shop,
        clock=till.clock,
        patience=parts.patience,
        budget=budget,
    )


def _sweep_four_times_at_once(parts: Parts, till: Till) -> Swept:
    with ThreadPoolExecutor(4) as pool:
        swept = list(pool.map(lambda _: _sweep(parts, till), range(4)))
    return Swept(
        published_again=sum(one.published_again for one in swept),
        asked_again=sum(one.asked_again for one in swept),
    )


def _lose_every_message(parts: Parts) -> None:
    while records := parts.queue.receive():
        for record in records:
            parts.queue.delete(record)


def test_a_message_that_the_broker_lost_is_published_again_once_though_sweeps_run_at_once(
    parts: Parts, till: Till, fake_factory: FakeFactory, read_books: ReadBooks
) -> None:
    till.open(on_hand=0)
    order = till.restock().replenishment.id
    relay_all(parts)
    _lose_every_message(parts)

    assert _sweep(parts, till) == Swept(published_again=0, asked_again=0)
    till.clock.ahead = parts.patience.forgotten_after + timedelta(seconds=1)
    assert _sweep_four_times_at_once(parts, till) == Swept(published_again=1, asked_again=0)
    assert relay_all(parts) == 1
    work_off(parts)

    assert fake_factory.produced == [order]
    assert len(read_books()["outbox"]) == 2
    assert read_books().faults() == []


def test_what_still_waits_in_the_outbox_is_not_forgotten(parts: Parts, till: Till, read_books: ReadBooks) -> None:
    till.open(on_hand=0)
    till.restock()
    till.clock.ahead = timedelta(hours=1)

    assert _sweep(parts, till).published_again == 0
    assert len(read_books()["outbox"]) == 1


def test_published_again_it_is_given_its_time_again(parts: Parts, till: Till) -> None:
    till.open(on_hand=0)
    till.restock()
    relay_all(parts)
    till.clock.ahead = parts.patience.forgotten_after + timedelta(seconds=1)
    _sweep(parts, till)
    assert relay_all(parts) == 1
    till.clock.ahead = timedelta(seconds=1)

    assert _sweep(parts, till).published_again == 0


def test_dead_letters_are_left_to_the_operator(
    parts: Parts, till: Till, fake_factory: FakeFactory, read_books: ReadBooks
) -> None:
    till.open(on_hand=0)
    till.restock()
    fake_factory.refuse(DONUT)
    relay_all(parts)
    work_off(parts)
    till.clock.ahead = timedelta(hours=1)

    assert _sweep(parts, till) == Swept(published_again=0, asked_again=0)
    assert len(read_books()["outbox"]) == 1


@pytest.fixture
def late_order(parts: Parts, till: Till) -> str:
    """The id of an order that the factory took, and is about to be late with."""
    till.open(on_hand=0)
    order = till.restock().replenishment.id
    relay_all(parts)
    work_off(parts)
    return order


def test_a_late_order_is_asked_for_again_while_the_queue_is_away(
    parts: Parts, fake_factory: FakeFactory, late_order: str
) -> None:
    settings = parts.settings.model_copy(update={"queue_name": "no-such-queue", "overdue_seconds": 0.001})
    without_queue = Parts(settings)

    with pytest.raises(QueueUnavailable):
        _sweep_once(parts=without_queue, stopping=threading.Event())

    assert Counter(one.idempotency_key for one in fake_factory.received) == {late_order: 2}
    without_queue.database.dispose()


def test_a_late_order_is_asked_for_again_once_though_sweeps_run_at_once(
    parts: Parts, till: Till, fake_factory: FakeFactory, late_order: str
) -> None:
    assert _sweep(parts, till).asked_again == 0
    till.clock.ahead = parts.patience.late_after + timedelta(seconds=1)

    assert _sweep_four_times_at_once(parts, till) == Swept(published_again=0, asked_again=1)

    assert Counter(one.idempotency_key for one in fake_factory.received) == {late_order: 2}
    asked = till.order(late_order)
    assert (asked.status, asked.last_error) == (Status.ORDERED, "late; the factory was asked again")
    assert fake_factory.received[0].order == fake_factory.received[1].order


def test_a_late_order_is_asked_for_again_after_as_long_again(parts: Parts, till: Till, late_order: str) -> None:
    till.clock.ahead = parts.patience.late_after + timedelta(seconds=1)
    assert _sweep(parts, till).asked_again == 1

    till.clock.ahead += parts.patience.late_after - timedelta(seconds=10)
    assert _sweep(parts, till).asked_again == 0
    till.clock.ahead += timedelta(seconds=11)
    assert _sweep(parts, till).asked_again == 1


def test_a_factory_that_cannot_be_asked_is_asked_the_next_time(
    parts: Parts, till: Till, fake_factory: FakeFactory, late_order: str
) -> None:
    fake_factory.refuse(DONUT)
    till.clock.ahead = parts.patience.late_after + timedelta(seconds=1)

    assert _sweep(parts, till).asked_again == 1

    asked = till.order(late_order)
    assert asked.status is Status.ORDERED
    assert asked.last_error == "late; asked again, but the factory answered 500: the oven is cold"


def test_while_the_factory_hangs_each_sweep_asks_as_long_as_it_has_time_and_the_next_goes_on_with_the_others(
    parts: Parts, till: Till, fake_factory: FakeFactory
) -> None:
    skus = ["A", "B", "C", "D", "E"]
    for sku in skus:
        till.open(sku, on_hand=0)
        till.restock(sku=sku)
    relay_all(parts)
    work_off(parts)
    fake_factory.received.clear()
    till.clock.ahead = parts.patience.late_after + timedelta(seconds=1)

    asked = [_sweep(parts, till, budget=_time_for(2, parts, fake_factory)).asked_again for _ in range(3)]

    assert asked == [2, 2, 1]
    assert sorted(one.order["MessageAttributeProductId"] for one in fake_factory.received) == skus


def _time_for(orders: int, parts: Parts, factory: FakeFactory) -> TimeBudget:
    """Time for so many orders, each of which takes as long as a factory that hangs."""
    already, longest = len(factory.received), parts.factory.longest_seconds + NOTE_SECONDS
    return TimeBudget(lambda: (orders + already - len(factory.received)) * longest)


def test_who_has_waited_longest_is_asked_for_first(parts: Parts, till: Till, fake_factory: FakeFactory) -> None:
    skus = ["B", "A", "C"]
    for sku in skus:
        till.open(sku, on_hand=0)
        till.restock(sku=sku)
        relay_all(parts)
        work_off(parts)
    fake_factory.received.clear()
    till.clock.ahead = parts.patience.late_after + timedelta(seconds=1)

    _sweep(parts, till)

    assert [one.order["MessageAttributeProductId"] for one in fake_factory.received] == skus


def test_a_sweep_without_time_does_nothing(
    parts: Parts, till: Till, fake_factory: FakeFactory, late_order: str, read_books: ReadBooks
) -> None:
    till.open("LOST", on_hand=0)
    till.restock(sku="LOST")
    relay_all(parts)
    till.clock.ahead = parts.patience.late_after + OUTBOX_RETENTION
    before = read_books()

    assert _sweep(parts, till, budget=TimeBudget(lambda: 0)) == Swept(published_again=0, asked_again=0)

    assert read_books() == before
    assert [one.idempotency_key for one in fake_factory.received] == [late_order]


def test_what_was_delivered_is_not_late(parts: Parts, till: Till, late_order: str) -> None:
    till.deliver(late_order, 10)
    till.clock.ahead = timedelta(hours=1)

    assert _sweep(parts, till) == Swept(published_again=0, asked_again=0)


def test_a_rest_that_does_not_come_is_late(
    parts: Parts, till: Till, fake_factory: FakeFactory, late_order: str
) -> None:
    till.deliver(late_order, 4, delivery_id="a")
    till.clock.ahead = parts.patience.late_after + timedelta(seconds=1)

    assert _sweep(parts, till).asked_again == 1
    assert len(fake_factory.received) == 2


def test_what_is_past_its_time_is_deleted_and_nothing_else(
    parts: Parts, till: Till, read_books: ReadBooks
) -> None:
    till.open("OLD", on_hand=0)
    till.open("NEW", on_hand=0)
    refused = till.buy(sku="OLD", key="old")
    _sample(parts, till)
    relay_all(parts)
    till.deliver(str(refused.purchase.replenishment_id), 10)
    till.clock.ahead = max(OUTBOX_RETENTION, SAMPLE_RETENTION, parts.shop.idempotency_retention)
    till.buy(sku="NEW", key="new")
    _sample(parts, till)
    before = read_books()
    till.clock.ahead += timedelta(minutes=1)

    _sweep(parts, till)

    after = read_books()
    assert [row["message_group"] for row in after["outbox"]] == ["NEW"]
    assert len(after["queue_sample"]) == len(before["queue_sample"]) - 1 == 1
    assert sorted(row["idempotency_key"] or "" for row in after["purchase"]) == ["", "new"]
    for kept in ("product", "stock_movement", "replenishment", "delivery", "sales_minute"):
        assert after[kept] == before[kept]


def _sample(parts: Parts, till: Till) -> bool:
    return sample_queues(
        database=parts.database,
        queue=parts.queue,
        dead_letter_queue=parts.dead_letter_queue,
        every=timedelta(seconds=10),
        clock=till.clock,
    )


def test_several_workers_take_one_sample(parts: Parts, till: Till, read_books: ReadBooks) -> None:
    parts.queue.send("one")
    parts.queue.send("two")
    parts.queue.receive(at_most=1)

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda _: _sample(parts, till), range(4)))

    assert sum(taken) == 1
    [sample] = read_books()["queue_sample"]
    assert (sample["visible"], sample["in_flight"], sample["dead_letters"]) == (1, 1, 0)
    till.clock.ahead = timedelta(seconds=10)
    assert _sample(parts, till) is True
