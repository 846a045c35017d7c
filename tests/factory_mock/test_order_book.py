"""The order book: what it keeps, what it forgets."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from factory_mock.order_book import OrderBook, OrderBookFull, UnknownOrder
from factory_mock.order_form import OrderForm
from factory_mock.orders import DeliveryStatus, Order, OrderStatus

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def form(order: dict[str, Any]) -> OrderForm:
    return OrderForm.model_validate(order)


def place(book: OrderBook, form: OrderForm, key: str | None = None) -> Order:
    return book.place(form, idempotency_key=key, correlation_id=None, at=NOW, expected_at=NOW)[0]


def settle(book: OrderBook, order: Order, status: DeliveryStatus = DeliveryStatus.ACCEPTED) -> None:
    """Have the order delivered in one piece, with this outcome."""
    sent = book.send_off(order.id, at=NOW, parts=1, status=DeliveryStatus.PENDING)
    note(book, sent, status)


def note(book: OrderBook, sent: Order, status: DeliveryStatus) -> None:
    book.note_attempt(sent.id, sending=sent.sending, delivery_id=sent.deliveries[0].id, status=status, error=None)


def test_the_oldest_settled_order_makes_room_and_its_key_is_forgotten(form: OrderForm) -> None:
    book = OrderBook(limit=3)
    working, *settled = (place(book, form, key) for key in ("a", "b", "c"))
    for order in settled:
        settle(book, order)

    newest = place(book, form, "d")

    assert [order.id for order in book.newest(9)] == [newest.id, settled[1].id, working.id]
    with pytest.raises(UnknownOrder):
        book.get(settled[0].id)
    assert place(book, form, "b").id != settled[0].id


def test_an_order_that_was_refused_makes_room_as_well(form: OrderForm) -> None:
    book = OrderBook(limit=1)
    settle(book, place(book, form), DeliveryStatus.REFUSED)

    place(book, form)

    assert len(book.newest(9)) == 1


@pytest.mark.parametrize("sent_off", [False, True], ids=["in production", "delivering"])
def test_what_is_still_worked_on_is_never_forgotten(form: OrderForm, *, sent_off: bool) -> None:
    book = OrderBook(limit=1)
    order = place(book, form)
    if sent_off:
        book.send_off(order.id, at=NOW, parts=1, status=DeliveryStatus.PENDING)

    with pytest.raises(OrderBookFull):
        place(book, form)


def test_a_repeat_finds_its_order_in_a_full_book(form: OrderForm) -> None:
    book = OrderBook(limit=1)

    assert place(book, form, "a").id == place(book, form, "a").id


def test_a_failure_of_an_earlier_sending_does_not_spoil_the_newer_one(form: OrderForm) -> None:
    book = OrderBook()
    order = place(book, form)
    earlier = book.send_off(order.id, at=NOW, parts=1, status=DeliveryStatus.PENDING)
    book.send_off(order.id, at=NOW, parts=1, status=DeliveryStatus.PENDING)

    note(book, earlier, DeliveryStatus.FAILED)

    assert book.get(order.id).status is OrderStatus.DELIVERING
    assert book.get(order.id).deliveries[0].attempts == 1


def test_one_of_two_copies_that_is_accepted_is_enough(form: OrderForm) -> None:
    book = OrderBook()
    sent = book.send_off(place(book, form).id, at=NOW, parts=1, status=DeliveryStatus.PENDING)
    note(book, sent, DeliveryStatus.ACCEPTED)

    note(book, sent, DeliveryStatus.FAILED)

    assert book.get(sent.id).status is OrderStatus.DELIVERED


def test_the_time_an_order_was_finished_does_not_change_when_it_is_told_again(form: OrderForm) -> None:
    book = OrderBook()
    order = place(book, form)
    settle(book, order)

    again = book.send_off(order.id, at=NOW.replace(year=2027), parts=1, status=DeliveryStatus.PENDING)

    assert again.finished_at == NOW
