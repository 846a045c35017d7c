"""What an operator orders and takes back."""

from collections.abc import Callable

import pytest

from backend.domain.replenishment import Status
from backend.services.cancel import TooLateToCancel
from backend.services.purchase import UnknownProduct
from backend.services.receive import ReplenishmentClosed, UnknownReplenishment
from backend.store.replenishments import mark_published
from tests.integration.books import Books
from tests.integration.till import DONUT, Till

ReadBooks = Callable[[], Books]


def test_a_restock_orders_whole_lots(till: Till, read_books: ReadBooks) -> None:
    till.open(on_hand=10, lot_size=30)

    made = till.restock(31)

    assert (made.created, made.replenishment.quantity, made.replenishment.cause) == (True, 60, "restock")
    assert made.replenishment.actor == "alice"
    assert read_books().faults() == []


def test_a_restock_while_an_order_is_open_returns_that_order(till: Till, read_books: ReadBooks) -> None:
    till.open(on_hand=0)
    refused = till.buy()

    made = till.restock(100)

    assert made.created is False
    assert made.replenishment.id == refused.purchase.replenishment_id
    assert len(read_books()["replenishment"]) == 1


def test_what_is_not_sold_is_not_ordered(till: Till) -> None:
    with pytest.raises(UnknownProduct):
        till.restock(sku="CP-404")


@pytest.mark.parametrize("published", [False, True])
def test_an_order_can_be_taken_back_until_the_factory_has_it(
    till: Till, read_books: ReadBooks, published: bool
) -> None:
    till.open(on_hand=0)
    order = till.restock().replenishment.id
    if published:
        with till.database.unit_of_work() as transaction:
            mark_published(transaction, order, now=till.clock())
            transaction.commit()

    assert till.cancel(order).status is Status.CANCELLED
    assert read_books().open_orders(DONUT) == []
    assert till.restock().created is True
    assert read_books().faults() == []


def test_after_a_cancel_the_reorder_point_still_counts(till: Till, read_books: ReadBooks) -> None:
    till.open(on_hand=5, reorder_point=5)
    [order] = till.orders()

    till.cancel(order.id)

    [again] = till.orders(only_open=True)
    assert (again.cause, again.shortage) == ("reorder_point", 1)
    assert read_books().faults() == []


def test_an_order_that_the_factory_has_cannot_be_taken_back(till: Till, read_books: ReadBooks) -> None:
    till.open(on_hand=0)
    order = till.restock().replenishment.id
    till.note_ordered(order)
    before = read_books()

    with pytest.raises(TooLateToCancel):
        till.cancel(order)
    assert read_books() == before

    till.deliver(order, 10)
    with pytest.raises(TooLateToCancel):
        till.cancel(order)


def test_what_the_factory_will_not_deliver_any_more_no_longer_stands_in_the_way(
    till: Till, read_books: ReadBooks
) -> None:
    till.open(on_hand=0, reorder_point=4, lot_size=10)
    [order] = till.orders()
    till.note_ordered(order.id)
    till.deliver(order.id, 3, delivery_id="first-part")

    cancelled = till.cancel(order.id, although_ordered=True)

    assert (cancelled.status, cancelled.received_quantity, cancelled.outstanding) == (Status.CANCELLED, 3, 0)
    [again] = till.orders(only_open=True)
    assert (again.cause, again.shortage) == ("reorder_point", 2)
    with pytest.raises(ReplenishmentClosed):
        till.deliver(order.id, 7, delivery_id="second-part")
    books = read_books()
    assert books.on_hand(DONUT) == 3
    assert books.faults() == []


def test_what_has_arrived_whole_cannot_be_given_up(till: Till) -> None:
    till.open(on_hand=0)
    order = till.restock().replenishment.id
    till.deliver(order, 10)

    with pytest.raises(TooLateToCancel, match="is received"):
        till.cancel(order, although_ordered=True)


def test_an_order_is_taken_back_once(till: Till) -> None:
    till.open(on_hand=0)
    order = till.restock().replenishment.id
    till.cancel(order)

    with pytest.raises(TooLateToCancel, match="is cancelled"):
        till.cancel(order)


def test_an_order_that_never_was_cannot_be_taken_back(till: Till) -> None:
    with pytest.raises(UnknownReplenishment):
        till.cancel("0190b1a0-0000-7000-8000-000000000001")


def test_a_late_note_does_not_reopen_what_was_taken_back(till: Till) -> None:
    """The relay and the worker may note what they did after the operator was faster."""
    till.open(on_hand=0)
    order = till.restock().replenishment.id
    till.cancel(order)

    with till.database.unit_of_work() as transaction:
        mark_published(transaction, order, now=till.clock())
        transaction.commit()

    assert till.note_ordered(order) is False
    assert till.order(order).status is Status.CANCELLED
