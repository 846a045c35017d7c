"""What the factory brings, once."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from backend.domain.delivery import OverDelivery
from backend.domain.replenishment import Status
from backend.services.receive import (
    Arrival,
    DeliveryIdReused,
    DeliveryMismatch,
    ReplenishmentClosed,
    UnknownReplenishment,
    receive,
)
from tests.integration.books import Books
from tests.integration.till import DONUT, FACTORY_ID, Till

ReadBooks = Callable[[], Books]


@pytest.fixture
def order(till: Till) -> str:
    """The id of an order of ten, for an empty shelf."""
    till.open(on_hand=0)
    return till.restock().replenishment.id


def test_a_delivery_is_put_on_the_shelf_and_closes_its_order(
    till: Till, order: str, read_books: ReadBooks
) -> None:
    received = till.deliver(order, 10, delivery_id="a")

    assert (received.status, received.received_quantity) == (Status.RECEIVED, 10)
    books = read_books()
    assert books.faults() == []
    assert books.on_hand(DONUT) == 10
    [line] = books["stock_movement"]
    assert (line["kind"], line["reference"], line["actor"]) == ("receipt", order, FACTORY_ID)


def test_a_repeated_callback_gets_the_same_answer_and_changes_nothing(
    till: Till, order: str, read_books: ReadBooks
) -> None:
    first = till.deliver(order, 10, delivery_id="a")
    before = read_books()

    assert till.deliver(order, 10, delivery_id="a") == first
    assert read_books() == before


def test_parts_are_received_until_the_order_is_complete(till: Till, order: str, read_books: ReadBooks) -> None:
    states = [till.deliver(order, quantity, delivery_id=str(quantity)).status for quantity in (1, 2, 3, 4)]

    assert states == [Status.PARTIALLY_RECEIVED] * 3 + [Status.RECEIVED]
    assert read_books().on_hand(DONUT) == 10
    assert read_books().faults() == []


def test_a_part_repeated_in_between_is_not_counted_again(till: Till, order: str, read_books: ReadBooks) -> None:
    till.deliver(order, 4, delivery_id="a")
    till.deliver(order, 5, delivery_id="b")
    till.deliver(order, 4, delivery_id="a")

    assert read_books().on_hand(DONUT) == 9
    assert till.order(order).status is Status.PARTIALLY_RECEIVED


def test_a_short_delivery_without_a_name_closes_the_order(till: Till, order: str, read_books: ReadBooks) -> None:
    till.deliver(order, 3)

    assert till.order(order).status is Status.RECEIVED
    assert read_books().on_hand(DONUT) == 3
    assert read_books().open_orders(DONUT) == []


def test_a_short_delivery_below_the_reorder_point_orders_the_rest(till: Till, read_books: ReadBooks) -> None:
    till.open(on_hand=0, reorder_point=5, lot_size=10)
    [first] = till.orders()

    till.deliver(first.id, 3)

    [again, _] = till.orders()
    assert (again.status, again.cause, again.shortage) == (Status.REQUESTED, "reorder_point", 3)
    assert read_books().faults() == []


@pytest.mark.parametrize("delivery_id", ["a", ""])
def test_more_than_was_ordered_is_refused_and_nothing_is_written(
    till: Till, order: str, read_books: ReadBooks, delivery_id: str
) -> None:
    till.deliver(order, 4, delivery_id="first")
    before = read_books()

    with pytest.raises(OverDelivery):
        till.deliver(order, 7, delivery_id=delivery_id)

    assert read_books() == before


def test_a_delivery_for_a_closed_order_is_noted_and_changes_no_stock(
    till: Till, order: str, read_books: ReadBooks
) -> None:
    till.cancel(order)

    for _ in range(2):
        with pytest.raises(ReplenishmentClosed):
            till.deliver(order, 10, delivery_id="late")

    books = read_books()
    assert books.on_hand(DONUT) == 0
    assert books.faults() == []
    assert [(row["delivery_id"], row["outcome"]) for row in books["delivery"]] == [("late", "refused")]


def test_a_name_used_for_another_quantity_is_refused(till: Till, order: str, read_books: ReadBooks) -> None:
    till.deliver(order, 4, delivery_id="a")
    before = read_books()

    with pytest.raises(DeliveryIdReused):
        till.deliver(order, 5, delivery_id="a")

    assert read_books() == before


def test_names_belong_to_their_own_order(till: Till, order: str, read_books: ReadBooks) -> None:
    till.open("CP-2", on_hand=0)
    other = till.restock(sku="CP-2").replenishment.id

    till.deliver(order, 10, delivery_id="1")
    till.deliver(other, 10, delivery_id="1")

    assert (read_books().on_hand(DONUT), read_books().on_hand("CP-2")) == (10, 10)


@pytest.mark.parametrize("changed", [{"sku": "CP-2"}, {"factory_id": "FF-000000"}])
def test_a_delivery_of_another_product_or_factory_is_refused(
    till: Till, order: str, read_books: ReadBooks, changed: dict[str, str]
) -> None:
    arrival = Arrival(replenishment_id=order, delivery_id="a", quantity=10, sku=DONUT, factory_id=FACTORY_ID)
    before = read_books()

    with pytest.raises(DeliveryMismatch):
        receive(
            database=till.database,
            arrival=replace(arrival, **changed),  # type: ignore[arg-type]
            shop=till.shop,
            clock=till.clock,
        )

    assert read_books() == before


def test_an_order_that_never_was_is_unknown(till: Till) -> None:
    with pytest.raises(UnknownReplenishment):
        till.deliver("0190b1a0-0000-7000-8000-000000000001", 1)


def test_a_delivery_before_the_note_that_the_order_was_placed_is_taken_in(
    till: Till, order: str, read_books: ReadBooks
) -> None:
    """The factory may be faster than our own note; the note that comes after changes nothing."""
    till.deliver(order, 10)

    assert till.note_ordered(order) is False
    assert till.order(order).status is Status.RECEIVED
    assert till.order(order).ordered_at is not None
    assert read_books().faults() == []
