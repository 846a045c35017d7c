"""Whatever happens between the outbox and the factory, in whatever order: every shortage is ordered, once."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from backend.adapters.sns import PublishFailed, Topic
from backend.bootstrap import Parts
from backend.domain.replenishment import Replenishment, Status
from backend.entrypoints.worker import _handle
from backend.services import clock
from backend.services.cancel import TooLateToCancel
from backend.services.order import order_from_message
from backend.services.redrive import redrive
from backend.services.relay import relay
from backend.services.sweep import Patience, sweep
from tests.integration.books import Books
from tests.integration.fake_factory import BROKEN, TAKEN, Answer, FakeFactory, Received
from tests.integration.messaging.pump import work_off
from tests.integration.till import OPERATOR, Till
from tests.unit.domain.test_original_wire import NOT_MESSAGES

EXAMPLES = {"sqlite": 8, "mysql": 4}
STEPS = 20
LONG = timedelta(hours=1)
PRODUCTS = st.sampled_from(["A", "B"])
NOISE = st.sampled_from([body for body in NOT_MESSAGES.values() if 0 < len(body) < 1_000])
ANSWERS = st.sampled_from([TAKEN, BROKEN, None])

numbers = count()


class Killed(Exception):
    """The process that did this is gone."""


class NobodyThere:
    """A topic that is out of reach."""

    def publish(self, **message: Any) -> None:
        """Fail."""
        raise PublishFailed("nobody there")


class DeadlyTopic:
    """A topic that takes a message, after which whoever published it is killed."""

    def __init__(self, topic: Topic) -> None:
        self._topic = topic

    def publish(self, **message: Any) -> None:
        """Publish, and be killed."""
        self._topic.publish(**message)
        raise Killed


class Road(RuleBasedStateMachine):
    """Two products that run short, what is on its way because of it, and everybody who may fail on that way."""

    parts: Parts
    till: Till
    factory: FakeFactory

    @initialize()
    def open(self) -> None:
        """Two empty shelves, and a factory that takes every order."""
        run = next(numbers)
        self.skus = {name: f"{name}-{run}" for name in ("A", "B")}
        self.noise: Counter[str] = Counter()
        self.closed: dict[str, int] = {}
        self.factory.received.clear()
        for sku in self.skus.values():
            self.till.open(sku, on_hand=0)

    @rule(name=PRODUCTS)
    def run_short(self, name: str) -> None:
        """A customer wants what is not there; many of them make one order."""
        self.till.buy(self._on_hand(name) + 1, sku=self.skus[name])

    @rule()
    def relay(self) -> None:
        """The outbox is published."""
        self._relay(self.parts.topic)

    @rule()
    def relay_in_vain(self) -> None:
        """SNS is away."""
        self._relay(NobodyThere())

    @rule()
    def relay_and_die(self) -> None:
        """The relay is killed after SNS took a message, before that was noted."""
        try:
            self._relay(DeadlyTopic(self.parts.topic))
        except Killed:
            return

    @rule(answer=ANSWERS)
    def work(self, answer: Answer | None) -> None:
        """A worker takes what it is given; the factory takes the order, fails, or hangs up."""
        self._let_the_factory(answer)
        for record in self.parts.queue.receive(at_most=2):
            _handle(self.parts, record)

    @rule(answer=ANSWERS)
    def work_and_die(self, answer: Answer | None) -> None:
        """A worker is killed after it placed the order: its message is seen again."""
        self._let_the_factory(answer)
        for record in self.parts.queue.receive(at_most=1):
            order_from_message(
                database=self.parts.database,
                factory=self.parts.factory,
                shop=self.parts.shop,
                clock=clock.now,
                body=record.body,
                receive_count=record.receive_count,
                draw=0.5,
            )
            self.parts.queue.show_again_in(record, seconds=0)

    @rule()
    def lose(self) -> None:
        """The broker forgets a message; a hostile one is no loss."""
        for record in self.parts.queue.receive(at_most=1):
            self.parts.queue.delete(record)
            self.noise[record.body] -= record.body in self.noise

    @rule(body=NOISE)
    def interfere(self, body: str) -> None:
        """Somebody sends what is no message of ours."""
        self.parts.queue.send(body)
        self.noise[body] += 1

    @precondition(lambda self: self._orders())
    @rule(times=st.integers(1, 3))
    def tell_again(self, times: int) -> None:
        """SNS and SQS deliver a message once more."""
        self._tell_again(self._orders()[0], times=times)

    @precondition(lambda self: self._orders())
    @rule()
    def cancel(self) -> None:
        """The operator takes the newest order back, if it is not too late."""
        order = self._orders()[0]
        try:
            self.till.cancel(order.id)
        except TooLateToCancel:
            assert not order.is_open or order.status is not Status.REQUESTED
        else:
            self._note_closed(order.id)

    @precondition(lambda self: any(one.status is Status.ORDERED for one in self._orders()))
    @rule()
    def deliver(self) -> None:
        """The factory delivers an order that it took."""
        order = next(one for one in self._orders() if one.status is Status.ORDERED)
        self.till.deliver(order.id, order.quantity)
        self._note_closed(order.id)

    @rule()
    def redrive(self) -> None:
        """The operator puts the dead letters back, the hostile ones too."""
        redrive(
            database=self.parts.database,
            queue=self.parts.queue,
            dead_letter_queue=self.parts.dead_letter_queue,
            shop=self.parts.shop,
            clock=self.till.clock,
            operator=OPERATOR,
        )

    @rule()
    def wait_and_sweep(self) -> None:
        """An hour goes by, and the sweep finds what was forgotten."""
        self.till.clock.ahead += LONG + timedelta(minutes=1)
        sweep(
            database=self.parts.database,
            factory=self.parts.factory,
            shop=self.parts.shop,
            clock=self.till.clock,
            patience=Patience(forgotten_after=LONG, late_after=timedelta(days=365)),
        )

    @invariant()
    def what_is_closed_is_ordered_no_more(self) -> None:
        """Nor is there ever more than one open order for a product."""
        told = Counter(received.idempotency_key for received in self.factory.received)
        assert {key: told[key] for key in self.closed} == self.closed
        for sku in self.skus.values():
            assert sum(order.is_open for order in self.till.orders(sku=sku)) <= 1

    @invariant()
    def what_counts_as_ordered_the_factory_has(self) -> None:
        """An order is noted as placed only where it was taken."""
        placed = {order.id for order in self._orders() if order.status is Status.ORDERED}
        assert placed <= set(self.factory.produced)

    def settle(self) -> None:
        """Nothing fails any more: what is open is ordered, and only what is no message of ours is left over."""
        self._let_the_factory(TAKEN)
        for order in self._orders():
            self._tell_again(order)
        self.redrive()
        for _ in range(3):
            self.wait_and_sweep()
            self.relay()
            work_off(self.parts)
        assert [
            order.status for order in self._orders() if order.is_open and order.status is not Status.ORDERED
        ] == []
        self.what_is_closed_is_ordered_no_more()
        left = Counter(letter.body for letter in iter_letters(self.parts))
        assert left == +self.noise

    def _relay(self, topic: Any) -> None:
        while relay(database=self.parts.database, topic=topic, clock=self.till.clock):
            pass

    def _let_the_factory(self, answer: Answer | None) -> None:
        def decide(received: Received) -> Answer | None:
            return answer

        self.factory.decide = decide

    def _tell_again(self, order: Replenishment, *, times: int = 1) -> None:
        attributes = {"ProductId": order.sku, "ReplenishmentId": order.id}
        values = {name: {"Type": "String", "Value": value} for name, value in attributes.items()}
        for _ in range(times):
            self.parts.queue.send(json.dumps({"Message": "", "MessageAttributes": values}))

    def _note_closed(self, order_id: str) -> None:
        self.closed[order_id] = sum(one.idempotency_key == order_id for one in self.factory.received)

    def _orders(self) -> list[Replenishment]:
        return [order for sku in self.skus.values() for order in self.till.orders(sku=sku)]

    def _on_hand(self, name: str) -> int:
        return sum(order.received_quantity for order in self.till.orders(sku=self.skus[name]))


def iter_letters(parts: Parts) -> Any:
    """The dead letters, taken off their queue."""
    while letters := parts.dead_letter_queue.receive():
        for letter in letters:
            parts.dead_letter_queue.delete(letter)
            yield letter


def test_every_shortage_is_ordered_once_whatever_fails_on_the_way(
    parts: Parts, till: Till, fake_factory: FakeFactory, engine: sa.Engine, read_books: Callable[[], Books]
) -> None:
    class RoadOfThisShop(Road):
        def teardown(self) -> None:
            if hasattr(self, "skus"):
                self.settle()
                assert read_books().faults() == []

    RoadOfThisShop.parts, RoadOfThisShop.till, RoadOfThisShop.factory = parts, till, fake_factory
    run_state_machine_as_test(
        RoadOfThisShop,
        settings=settings(
            max_examples=EXAMPLES[engine.dialect.name],
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
