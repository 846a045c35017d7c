"""Orders that outlive the factory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from factory_mock.order_book import OrderBook
from factory_mock.order_file import OrderFile
from factory_mock.order_form import OrderForm
from factory_mock.orders import DeliveryStatus, Order
from tests.factory_mock.process import FactoryProcess
from tests.factory_mock.shop import Shop

NOW = datetime(2026, 11, 25, 9, 30, 0, 5, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new-folder" / "orders"


@pytest.fixture
def open_book(path: Path) -> Callable[[], OrderBook]:
    """Open the book again, as the next factory does."""
    return lambda: OrderBook(limit=3, file=OrderFile(path))


def place(book: OrderBook, order: dict[str, Any], key: str | None = None) -> Order:
    form = OrderForm.model_validate(order)
    return book.place(form, idempotency_key=key, correlation_id="c-1", at=NOW, expected_at=NOW)[0]


def test_the_next_factory_knows_every_order_as_it_stood(
    open_book: Callable[[], OrderBook], order: dict[str, Any]
) -> None:
    book = open_book()
    working = place(book, order, "a")
    delivering = place(book, order)
    sent = book.send_off(delivering.id, at=NOW, parts=3, status=DeliveryStatus.PENDING)
    book.note_attempt(
        sent.id,
        sending=1,
        delivery_id=sent.deliveries[0].id,
        status=DeliveryStatus.ACCEPTED,
        error=None,
    )

    reopened = open_book()

    assert reopened.newest(9) == book.newest(9)
    assert reopened.get(delivering.id).deliveries[0].status is DeliveryStatus.ACCEPTED
    assert place(reopened, order, "a") == working
    assert reopened.get(working.id).form.as_sent_back(quantity=10) == order


def test_an_order_without_the_fields_that_may_be_left_out_is_sent_back_without_them(
    open_book: Callable[[], OrderBook], order: dict[str, Any]
) -> None:
    del order["MessageGroupId"], order["MessageAttributeTel"]
    place(open_book(), order)

    [kept] = open_book().newest(9)

    assert kept.form.as_sent_back(quantity=10) == order


def test_a_line_that_was_cut_off_costs_that_line_alone(
    open_book: Callable[[], OrderBook], order: dict[str, Any], path: Path
) -> None:
    first = place(open_book(), order)
    with path.open("ab") as file:
        file.write(b'{"id": "019a')

    book = open_book()

    assert book.newest(9) == [first]
    second = place(book, order)
    assert open_book().newest(9) == [second, first]


def test_the_file_is_for_its_owner_alone_and_holds_what_the_book_holds(
    open_book: Callable[[], OrderBook], order: dict[str, Any], path: Path
) -> None:
    book = open_book()
    for _ in range(3):
        settled = place(book, order)
        book.send_off(settled.id, at=NOW, parts=1, status=DeliveryStatus.WITHHELD)
    place(book, order)

    assert open_book().newest(9) == book.newest(9)

    assert path.stat().st_mode & 0o777 == 0o600


def test_a_factory_that_was_killed_delivers_what_was_ordered_before(
    start_factory: Callable[..., FactoryProcess], shop: Shop, order: dict[str, Any], path: Path
) -> None:
    environment = {"FACTOAUTO_FACTORY_ORDER_FILE": str(path)}
    factory = start_factory(FACTOAUTO_LEAD_TIME_SECONDS="3600", **environment)
    factory.wait_until_ready()
    taken = factory.request("POST", "/api/manufactures", json=order, headers={"Idempotency-Key": "R-1"}).json()
    factory.server.kill()
    path.write_text(path.read_text().replace(taken["expected_at"], taken["ordered_at"]))

    start_factory(**environment).wait_until_ready()

    [told] = shop.wait_for(1)
    assert told.body == order
    assert told.delivery == f"{taken['id']}.1"
