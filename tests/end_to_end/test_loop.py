"""The loop in real processes, from a customer's request to a refilled shelf."""

import random
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
import uuid_utils

from backend.adapters.sqs import Depth, QueueUnavailable
from backend.domain.replenishment import Status
from tests.end_to_end.loop import IMPATIENT_WORKER, PATIENCE_SECONDS, Loop
from tests.integration.fake_factory import TAKEN, Answer, FakeFactory, Received
from tests.servers.waiting import wait_until

SOLD = "판매완료"
OUT_OF_STOCK = "재고부족, 제품 생산 요청!"


@pytest.fixture
def go_on() -> Iterator[threading.Event]:
    """Set when the factory may answer."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def held_up(fake_factory: FakeFactory, go_on: threading.Event) -> FakeFactory:
    """A factory that answers nobody until it may go on."""

    def keep_waiting(received: Received) -> Answer:
        go_on.wait(PATIENCE_SECONDS)
        return TAKEN

    fake_factory.decide = keep_waiting
    return fake_factory


def _new_skus(loop: Loop, count: int, *, on_hand: int = 0, reorder_point: int | None = None) -> list[str]:
    skus = [f"CP-{uuid_utils.uuid4().hex[:12]}" for _ in range(count)]
    for sku in skus:
        loop.till.open(sku, on_hand=on_hand, reorder_point=reorder_point)
    return skus


def _run_short(loop: Loop, skus: list[str]) -> list[str]:
    """Have a purchase of each refused; the ids of the orders made for them."""
    for sku in skus:
        assert loop.backends[0].send(sku).json() == {"message": OUT_OF_STOCK}
    return [loop.till.orders(sku=sku, only_open=True)[0].id for sku in skus]


def test_ten_are_bought_the_eleventh_waits_and_the_shelf_fills_itself(loop: Loop) -> None:
    loop.start_worker()
    [sku] = _new_skus(loop, 1, on_hand=10)

    answers = [loop.backends[n % 2].send(sku).json()["message"] for n in range(11)]

    assert answers == [SOLD] * 10 + [OUT_OF_STOCK]
    books = loop.await_books(lambda books: books.on_hand(sku) == 10, what="the shelf to be full again")
    assert books.faults() == []
    [order] = loop.till.orders(sku=sku)
    assert order.status is Status.RECEIVED
    assert [made["sku"] for made in loop.manufactured()].count(sku) == 1
    assert loop.backends[0].send(sku).json() == {"message": SOLD}


def test_a_worker_killed_with_orders_in_hand_is_survived_by_the_next(
    loop: Loop, held_up: FakeFactory, go_on: threading.Event
) -> None:
    """Its messages come back to the queue; the factory knows by the key which orders it has already."""
    loop.hide_received_messages_for(seconds=2)
    orders = _run_short(loop, _new_skus(loop, 12))
    victim = loop.start_worker(factory_url=held_up.url)
    loop.await_books(lambda _: _are(loop, orders, Status.PUBLISHED), what="everything to be published")
    wait_until(lambda: set(orders) & set(held_up.in_hand), seconds=PATIENCE_SECONDS, what="orders in hand")

    victim.kill()
    go_on.set()
    assert _are(loop, orders, Status.PUBLISHED)
    loop.start_worker(factory_url=held_up.url)

    loop.await_books(lambda _: _are(loop, orders, Status.ORDERED), what="the next worker to order it all")
    assert set(orders) <= set(held_up.produced)


def test_a_worker_that_is_asked_to_stop_finishes_what_it_holds(
    loop: Loop, held_up: FakeFactory, go_on: threading.Event
) -> None:
    [order] = _run_short(loop, _new_skus(loop, 1))
    worker = loop.start_worker(factory_url=held_up.url)
    wait_until(lambda: order in held_up.in_hand, seconds=PATIENCE_SECONDS, what="the order to be in hand")

    worker.send_signal(signal.SIGTERM)
    go_on.set()

    assert worker.wait(seconds=PATIENCE_SECONDS) == 0
    assert loop.till.order(order).status is Status.ORDERED
    assert loop.queue.depth() == Depth(visible=0, in_flight=0)


def test_a_local_aws_killed_with_messages_in_it_loses_no_shortage(
    loop: Loop, held_up: FakeFactory, go_on: threading.Event
) -> None:
    orders = _run_short(loop, _new_skus(loop, 15))
    loop.start_worker(factory_url=held_up.url, program=IMPATIENT_WORKER)
    loop.await_books(lambda _: _are(loop, orders, Status.PUBLISHED), what="everything to be published")
    assert loop.queue.depth().visible > 0, "more than the worker takes at a time"

    loop.aws.kill()
    go_on.set()
    orders += _run_short(loop, _new_skus(loop, 3))
    loop.aws.restart()

    loop.await_books(lambda _: _are(loop, orders, Status.ORDERED), what="everything to be ordered")
    assert set(orders) <= set(held_up.produced)
    assert loop.books().faults() == []


def test_many_buyers_two_backends_and_three_workers_order_each_shortage_once(loop: Loop) -> None:
    """With messages doubled and reordered on their way, and a worker killed in the middle."""
    loop.hide_received_messages_for(seconds=2)
    workers = loop.start_workers(3, program=IMPATIENT_WORKER)
    skus = _new_skus(loop, 6, on_hand=5) + _new_skus(loop, 6, on_hand=12, reorder_point=6)
    shopping = skus * 25
    random.Random(5).shuffle(shopping)

    def buy(number: int) -> str:
        if number == 100:
            workers[0].kill()
        return str(loop.backends[number % 2].send(shopping[number]).json()["message"])

    with ThreadPoolExecutor(16) as buyers:
        doubling = buyers.submit(_double_some_messages, loop)
        answers = Counter(buyers.map(buy, range(len(shopping))))
        doubling.result()

    assert set(answers) <= {SOLD, OUT_OF_STOCK}
    books = loop.await_books(
        lambda books: not any(books.open_orders(sku) for sku in skus), what="every shelf to be filled"
    )
    assert books.faults() == []
    bought = [row for row in books["purchase"] if row["sku"] in skus]
    assert Counter(row["outcome"] for row in bought) == {
        "sold": answers[SOLD],
        "out_of_stock": answers[OUT_OF_STOCK],
    }
    made = Counter(order["idempotency_key"] for order in loop.manufactured() if order["sku"] in skus)
    assert made == Counter(order.id for sku in skus for order in loop.till.orders(sku=sku))


def _are(loop: Loop, orders: list[str], status: Status) -> bool:
    return all(loop.till.order(order).status is status for order in orders)


def _double_some_messages(loop: Loop) -> None:
    """What SNS and SQS may do: deliver a message twice, and a later one before it."""
    for _ in range(10):
        for record in reversed(loop.queue.receive(at_most=3, wait_seconds=0)):
            loop.queue.send(record.body)
            with suppress(QueueUnavailable):  # a worker has it meanwhile
                loop.queue.show_again_in(record, seconds=0)
