"""Whatever happens in whatever order, the ledger adds up: a shop and a small model of it, side by side."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

import pytest
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

from backend.domain.delivery import OverDelivery
from backend.domain.movement import Kind
from backend.domain.replenishment import Status
from backend.domain.sale import Outcome
from backend.services.adjust import StockTooLow
from backend.services.cancel import TooLateToCancel
from backend.services.purchase import UnknownProduct
from backend.services.receive import DeliveryIdReused, ReplenishmentClosed
from tests.integration.books import Books
from tests.integration.till import Till

EXAMPLES = {"sqlite": 25, "mysql": 8}
UNITS = st.integers(1, 12)
NAMES = st.sampled_from(["", "a", "b", "c"])

numbers = count()


@dataclass
class Order:
    """What the model knows of an order."""

    id: str
    quantity: int
    received: int = 0
    open: bool = True
    taken_by_factory: bool = False
    deliveries: dict[str, tuple[int, bool]] = field(default_factory=dict)


class Shelf(RuleBasedStateMachine):
    """One product: what is done to it, and what should come of that."""

    till: Till

    @initialize(on_hand=st.integers(0, 12), reorder_point=st.none() | st.integers(0, 8), lot_size=UNITS)
    def open(self, on_hand: int, reorder_point: int | None, lot_size: int) -> None:
        """A new product, with any policy."""
        self.sku = f"M-{next(numbers)}"
        self.on_hand, self.reorder_point, self.lot_size = on_hand, reorder_point, lot_size
        self.archived = False
        self.orders: list[Order] = []
        self.till.open(self.sku, on_hand=on_hand, reorder_point=reorder_point, lot_size=lot_size)
        self._expect_reorder()

    @rule(quantity=UNITS)
    def buy(self, quantity: int) -> None:
        """Somebody buys."""
        lacked = max(0, quantity - self.on_hand)
        if self.archived:
            with pytest.raises(UnknownProduct):
                self.till.buy(quantity, sku=self.sku)
            return

        purchase = self.till.buy(quantity, sku=self.sku).purchase

        assert purchase.outcome is (Outcome.OUT_OF_STOCK if lacked else Outcome.SOLD)
        self.on_hand -= 0 if lacked else quantity
        self._expect_reorder(lacked)
        assert purchase.replenishment_id == (self.orders[-1].id if lacked else None)

    @rule(quantity=st.none() | UNITS)
    def restock(self, quantity: int | None) -> None:
        """The operator orders."""
        if self.archived:
            with pytest.raises(UnknownProduct):
                self.till.restock(quantity, sku=self.sku)
            return

        made = self.till.restock(quantity, sku=self.sku)

        assert made.created is (self._open_order() is None)
        if made.created:
            self._expect_order(quantity or self.lot_size)

    @precondition(lambda self: self.orders)
    @rule(quantity=UNITS, name=NAMES, newest=st.booleans())
    def deliver(self, quantity: int, name: str, newest: bool) -> None:
        """The factory delivers: all, a part, too much, again, under a name used before, or too late."""
        order = self.orders[-1] if newest else self.orders[0]
        before = order.deliveries.get(name)
        if before is not None and before[0] != quantity:
            with pytest.raises(DeliveryIdReused):
                self.till.deliver(order.id, quantity, delivery_id=name)
        elif before == (quantity, False) or (before is None and not order.open):
            with pytest.raises(ReplenishmentClosed):
                self.till.deliver(order.id, quantity, delivery_id=name)
            order.deliveries[name] = (quantity, False)
        elif before is None and quantity > order.quantity - order.received:
            with pytest.raises(OverDelivery):
                self.till.deliver(order.id, quantity, delivery_id=name)
        else:
            received = self.till.deliver(order.id, quantity, delivery_id=name)
            if before is None:
                self._take_in(order, quantity=quantity, name=name)
            assert received.received_quantity == order.received

    @precondition(lambda self: self.orders)
    @rule()
    def deliver_the_rest(self) -> None:
        """The factory delivers what is still to come."""
        order = self.orders[-1]
        if order.open:
            self.deliver(quantity=order.quantity - order.received, name=f"rest-{order.received}", newest=True)

    @precondition(lambda self: self.orders)
    @rule()
    def note_ordered(self) -> None:
        """The worker notes that the factory has the order."""
        order = self.orders[-1]

        assert self.till.note_ordered(order.id) is (order.open and not order.taken_by_factory)
        order.taken_by_factory = True

    @precondition(lambda self: self.orders)
    @rule(although_ordered=st.booleans())
    def cancel(self, although_ordered: bool) -> None:
        """The operator takes the order back, or no longer waits for what the factory owes."""
        order = self.orders[-1]
        if order.open and (although_ordered or not order.taken_by_factory):
            self.till.cancel(order.id, although_ordered=although_ordered)
            order.open = False
            self._expect_reorder()
        else:
            with pytest.raises(TooLateToCancel):
                self.till.cancel(order.id, although_ordered=although_ordered)

    @rule(quantity=st.integers(-12, 12).filter(bool), kind=st.sampled_from([Kind.ADJUSTMENT, Kind.RETURN]))
    def adjust(self, quantity: int, kind: Kind) -> None:
        """The operator counts; customers bring back."""
        if self.on_hand + quantity < 0:
            with pytest.raises(StockTooLow):
                self.till.adjust(quantity, sku=self.sku, kind=kind)
        else:
            line = self.till.adjust(quantity, sku=self.sku, kind=kind)
            self.on_hand += quantity
            assert line.on_hand_after == self.on_hand
            self._expect_reorder()

    @rule(reorder_point=st.none() | st.integers(0, 12), lot_size=UNITS)
    def change_policy(self, reorder_point: int | None, lot_size: int) -> None:
        """The operator decides anew when to order and how much at a time."""
        self.till.change(sku=self.sku, reorder_point=reorder_point, lot_size=lot_size)
        self.reorder_point, self.lot_size = reorder_point, lot_size
        self._expect_reorder()

    @rule()
    def archive_or_take_back(self) -> None:
        """The operator stops selling the product, or sells it again; what is under way still arrives."""
        self.archived = not self.archived
        self.till.change(sku=self.sku, archived=self.archived)
        self._expect_reorder()

    @invariant()
    def the_shop_is_as_the_model(self) -> None:
        """Stock, and every order with what was received of it."""
        orders = self.till.orders(sku=self.sku)

        assert [(one.id, one.quantity, one.received_quantity, one.is_open) for one in reversed(orders)] == [
            (one.id, one.quantity, one.received, one.open) for one in self.orders
        ]
        assert sum(one.is_open for one in orders) <= 1

    def _take_in(self, order: Order, *, quantity: int, name: str) -> None:
        order.deliveries[name] = (quantity, True)
        order.received += quantity
        order.taken_by_factory = True
        order.open = order.received < order.quantity and name != ""
        self.on_hand += quantity
        self._expect_reorder()

    def _open_order(self) -> Order | None:
        return next((order for order in self.orders if order.open), None)

    def _expect_reorder(self, lacked: int = 0) -> None:
        if self._open_order() or self.archived:
            return
        point = -1 if self.reorder_point is None else self.reorder_point
        shortage = max(lacked, point + 1 - self.on_hand)
        if shortage > 0:
            self._expect_order(shortage)

    def _expect_order(self, shortage: int) -> None:
        newest = self.till.orders(sku=self.sku)[0]
        lots = (shortage + self.lot_size - 1) // self.lot_size
        assert (newest.status, newest.shortage) == (Status.REQUESTED, shortage)
        self.orders.append(Order(id=newest.id, quantity=lots * self.lot_size))


def test_whatever_happens_the_books_balance(
    till: Till, engine: sa.Engine, read_books: Callable[[], Books]
) -> None:
    class ShelfOfThisShop(Shelf):
        def teardown(self) -> None:
            books = read_books()
            assert books.faults() == []
            assert books.on_hand(self.sku) == self.on_hand

    ShelfOfThisShop.till = till
    run_state_machine_as_test(
        ShelfOfThisShop,
        settings=settings(
            max_examples=EXAMPLES[engine.dialect.name],
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
