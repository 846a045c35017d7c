"""From the queue to the factory: each message on its own, on a real SQS and over real HTTP."""

import json
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from backend.bootstrap import Parts
from backend.domain import signature
from backend.domain.replenishment import Replenishment, Status
from backend.entrypoints.worker import Hands, _order_once
from tests.integration.books import Books
from tests.integration.fake_factory import BROKEN, TAKEN, Answer, FakeFactory, Received
from tests.integration.flaky_line import FlakyLine
from tests.integration.messaging.pump import relay_all, work_off
from tests.integration.till import DONUT, FACTORY_ID, SECRET, Till
from tests.servers.waiting import wait_until
from tests.unit.domain.test_original_wire import NOT_MESSAGES

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

LARGEST_MESSAGE = 1024 * 1024 - 1
ReadBooks = Callable[[], Books]


def _notification(**attributes: str) -> str:
    values = {name: {"Type": "String", "Value": value} for name, value in attributes.items()}
    return json.dumps({"Type": "Notification", "Message": "재고 부족", "MessageAttributes": values})


def _bodies(sqs: "SQSClient", queue_name: str) -> list[str]:
    url = sqs.get_queue_url(QueueName=queue_name)["QueueUrl"]
    bodies: list[str] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        bodies += [message["Body"] for message in messages]
    return bodies


def test_a_shortage_becomes_the_originals_order_with_an_address_only_the_factory_knows(
    parts: Parts, till: Till, fake_factory: FakeFactory
) -> None:
    till.open(on_hand=0)
    till.buy(3)
    [order] = till.orders()

    relay_all(parts)
    work_off(parts)

    [received] = fake_factory.received
    signed = signature.sign(replenishment_id=order.id, secrets=[SECRET])
    assert received.order == {
        "MessageGroupId": "stock-arrival-group",
        "MessageAttributeProductId": DONUT,
        "MessageAttributeProductCnt": 10,
        "MessageAttributeFactoryId": FACTORY_ID,
        "MessageAttributeRequester": "부산도너츠",
        "MessageAttributeTel": "",
        "CallbackUrl": f"http://127.0.0.1:8000/callbacks/replenishments/{order.id}?signature={signed}",
    }
    assert (received.idempotency_key, received.correlation_id) == (order.id, order.correlation_id)
    assert till.order(order.id).status is Status.ORDERED
    assert parts.queue.depth().visible == 0


def test_duplicates_are_ordered_once(parts: Parts, till: Till, fake_factory: FakeFactory) -> None:
    """SNS and SQS deliver at least once; the key lets the factory see that it is the same order."""
    till.open(on_hand=0)
    order = till.restock().replenishment.id
    for _ in range(12):
        parts.queue.send(_notification(ProductId=DONUT, ReplenishmentId=order))

    work_off(parts, workers=3)

    assert fake_factory.produced == [order]
    assert till.order(order).status is Status.ORDERED
    assert parts.queue.depth().visible == 0


def test_a_message_without_our_attribute_is_for_the_products_open_order(
    parts: Parts, till: Till, fake_factory: FakeFactory
) -> None:
    till.open(on_hand=0)
    order = till.restock().replenishment.id

    parts.queue.send(_notification(ProductId=DONUT))
    work_off(parts)

    assert fake_factory.produced == [order]


@pytest.mark.parametrize("named", [True, False])
def test_a_message_whose_order_is_closed_is_deleted_and_nothing_ordered(
    parts: Parts, till: Till, fake_factory: FakeFactory, sqs: "SQSClient", named: bool
) -> None:
    till.open(on_hand=0)
    order = till.restock().replenishment.id
    till.cancel(order)

    parts.queue.send(_notification(ProductId=DONUT, **({"ReplenishmentId": order} if named else {})))
    work_off(parts)

    assert fake_factory.received == []
    assert _bodies(sqs, parts.settings.dead_letter_queue_name) == []


def test_what_is_no_message_of_ours_is_a_dead_letter_alone(
    parts: Parts, till: Till, fake_factory: FakeFactory, sqs: "SQSClient"
) -> None:
    """Malformed, truncated and hostile messages among good ones: the good ones are ordered."""
    bad = [body for body in NOT_MESSAGES.values() if body]
    bad.append(_notification(ProductId=DONUT, ReplenishmentId="0190b1a0-0000-7000-8000-000000000001"))
    for number in range(len(bad)):
        till.open(f"CP-{number}", on_hand=0)
        order = till.restock(sku=f"CP-{number}").replenishment.id
        parts.queue.send(bad[number])
        parts.queue.send(_notification(ProductId=f"CP-{number}", ReplenishmentId=order))

    work_off(parts)

    assert Counter(_bodies(sqs, parts.settings.dead_letter_queue_name)) == Counter(bad)
    assert sorted(fake_factory.produced) == sorted(order.id for order in till.orders())
    assert {order.status for order in till.orders()} == {Status.ORDERED}


@pytest.mark.parametrize("filler", ["가", "[", "\\u0000"], ids=["korean", "brackets", "escapes"])
def test_a_message_as_large_as_sqs_takes_is_a_dead_letter_alone(
    parts: Parts, till: Till, fake_factory: FakeFactory, filler: str
) -> None:
    till.open(on_hand=0)
    order = till.restock().replenishment.id
    largest = filler * (LARGEST_MESSAGE // len(filler.encode()))

    parts.queue.send(largest)
    parts.queue.send(_notification(ProductId=DONUT, ReplenishmentId=order))
    parts.queue.send(_notification(ProductId=DONUT, ReplenishmentId=order)[:-1] + "," + largest[:-2_000])
    work_off(parts)

    assert fake_factory.produced == [order]
    assert parts.dead_letter_queue.depth().visible == 2


def test_a_message_of_one_product_that_names_anothers_order_orders_neither(
    parts: Parts, till: Till, fake_factory: FakeFactory
) -> None:
    till.open("A", on_hand=0)
    till.open("B", on_hand=0)
    order = till.restock(sku="A").replenishment.id

    parts.queue.send(_notification(ProductId="B", ReplenishmentId=order))
    work_off(parts)

    assert fake_factory.received == []
    assert parts.dead_letter_queue.depth().visible == 1


def test_a_failure_is_an_attempt_with_its_reason_and_the_next_attempt_may_succeed(
    parts: Parts, till: Till, fake_factory: FakeFactory
) -> None:
    till.open(on_hand=0)
    order = till.restock().replenishment.id
    answers = iter([BROKEN, TAKEN])
    seen: list[Replenishment] = []

    def decide(received: Received) -> Answer:
        seen.append(till.order(order))
        return next(answers)

    fake_factory.decide = decide

    relay_all(parts)
    work_off(parts)

    assert [(one.status, one.attempts, one.last_error) for one in (*seen, till.order(order))] == [
        (Status.PUBLISHED, 0, None),
        (Status.PUBLISHED, 1, "the factory answered 500: the oven is cold"),
        (Status.ORDERED, 1, None),
    ]


def test_the_fourth_failure_makes_a_dead_letter_with_its_cause(
    parts: Parts, till: Till, fake_factory: FakeFactory
) -> None:
    till.open("A", on_hand=0)
    till.open("B", on_hand=0)
    fake_factory.refuse("A")
    broken = till.restock(sku="A").replenishment.id
    fine = till.restock(sku="B").replenishment.id

    relay_all(parts)
    work_off(parts)

    dead = till.order(broken)
    assert dead.dead_lettered_at is not None
    assert (dead.status, dead.attempts) == (Status.PUBLISHED, 4)
    assert dead.last_error == "the factory answered 500: the oven is cold"
    assert parts.dead_letter_queue.depth().visible == 1
    assert till.order(fine).status is Status.ORDERED
    assert Counter(one.idempotency_key for one in fake_factory.received) == {broken: 4, fine: 1}


def test_a_delivery_that_outruns_the_answer_to_the_order_is_kept(
    parts: Parts, till: Till, fake_factory: FakeFactory, read_books: ReadBooks
) -> None:
    """The factory calls back before we noted that it has the order."""
    till.open(on_hand=0)
    order = till.restock().replenishment.id

    def deliver_first(received: Received) -> Answer:
        till.deliver(order, 10)
        return TAKEN

    fake_factory.decide = deliver_first

    relay_all(parts)
    work_off(parts)

    assert till.order(order).status is Status.RECEIVED
    assert read_books().on_hand(DONUT) == 10
    assert read_books().faults() == []


@pytest.mark.parametrize("database_url", ["mariadb"], indirect=True)
def test_a_message_that_comes_while_the_database_is_away_stays_on_the_queue(
    parts: Parts, till: Till, fake_factory: FakeFactory
) -> None:
    line = FlakyLine(server_url=parts.settings.database_url)
    far = Parts(parts.settings.model_copy(update={"database_url": line.url}))
    till.open(on_hand=0)
    order = till.restock().replenishment.id
    relay_all(parts)
    line.go_down()

    hands = Hands()
    _order_once(parts=far, hands=hands)
    hands.finish()

    assert fake_factory.received == []
    assert (far.queue.depth().visible, far.queue.depth().in_flight) == (0, 1)
    assert till.order(order).attempts == 0
    far.database.dispose()
    line.close()


def test_an_order_that_the_factory_is_slow_to_take_keeps_no_other_waiting(
    parts: Parts, till: Till, fake_factory: FakeFactory
) -> None:
    till.open("SLOW", on_hand=0)
    till.open("OTHER", on_hand=0)
    go_on = threading.Event()

    def be_slow(received: Received) -> Answer:
        if received.order["MessageAttributeProductId"] == "SLOW":
            go_on.wait(60)
        return TAKEN

    fake_factory.decide = be_slow
    patient = Parts(parts.settings.model_copy(update={"factory_timeout_seconds": 120}))
    till.buy(sku="SLOW")
    relay_all(parts)
    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work_off, patient)
        wait_until(lambda: fake_factory.in_hand, seconds=60, what="the slow order to be in hand")

        later = till.buy(sku="OTHER").purchase.replenishment_id
        relay_all(parts)

        wait_until(lambda: fake_factory.produced == [later], seconds=60, what="the other to be ordered")
        go_on.set()
        working.result()
    assert {order.status for order in till.orders()} == {Status.ORDERED}
    patient.database.dispose()


def test_three_workers_at_once_order_each_shortage_once(
    parts: Parts, till: Till, fake_factory: FakeFactory
) -> None:
    for number in range(40):
        till.open(f"CP-{number}", on_hand=0)
        till.buy(sku=f"CP-{number}")

    relay_all(parts)
    work_off(parts, workers=3)

    orders = [order.id for order in till.orders()]
    assert Counter(one.idempotency_key for one in fake_factory.received) == Counter(orders)
    assert {order.status for order in till.orders()} == {Status.ORDERED}
