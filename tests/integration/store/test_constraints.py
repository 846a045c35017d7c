"""What the database itself refuses, whatever the code above it does."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from backend.store.deliveries import add_delivery, list_deliveries
from backend.store.products import ShelfTooLow, get_product, lock_product, move_on_hand
from backend.store.unit_of_work import Database, UniqueViolation
from tests.integration.books import Books
from tests.integration.till import DONUT, Till


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE product SET on_hand = -1",
        "UPDATE product SET price = -1",
        "UPDATE product SET reorder_point = -1",
        "UPDATE product SET lot_size = 0",
        "UPDATE replenishment SET received_quantity = quantity + 1",
    ],
)
def test_a_row_that_cannot_be_is_refused_by_the_database(till: Till, engine: sa.Engine, statement: str) -> None:
    till.open(on_hand=0)
    till.restock()

    with (
        engine.connect() as connection,
        pytest.raises((sa.exc.IntegrityError, sa.exc.OperationalError), match=r"(?i)check|constraint"),
    ):
        connection.exec_driver_sql(statement)


def test_a_shelf_gives_no_more_than_it_has_even_to_who_did_not_look(
    till: Till, database: Database, read_books: Callable[[], Books]
) -> None:
    till.open(on_hand=3)

    with pytest.raises(ShelfTooLow), database.unit_of_work() as transaction:
        move_on_hand(transaction, sku=DONUT, quantity=-4, now=till.clock())

    assert read_books().on_hand(DONUT) == 3


def test_a_product_has_one_open_order_even_from_who_did_not_look(till: Till, engine: sa.Engine) -> None:
    till.open(on_hand=0)
    till.restock()
    copy = (
        "INSERT INTO replenishment (id, sku, factory_id, quantity, received_quantity, status, cause, shortage,"
        " on_hand_at_request, lot_size_at_request, actor, correlation_id, open_key, attempts, requested_at) "
        "SELECT 'another', sku, factory_id, quantity, received_quantity, status, cause, shortage,"
        " on_hand_at_request, lot_size_at_request, actor, correlation_id, open_key, attempts, requested_at"
        " FROM replenishment"
    )

    with engine.connect() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.exec_driver_sql(copy)


def test_a_delivery_is_written_once_even_by_who_did_not_look(till: Till, database: Database) -> None:
    till.open(on_hand=0)
    order = till.restock().replenishment.id
    till.deliver(order, 4, delivery_id="a")

    with database.snapshot() as transaction:
        [delivery] = list_deliveries(transaction, order)

    with pytest.raises(UniqueViolation), database.unit_of_work() as transaction:
        add_delivery(transaction, delivery)

    assert till.order(order).received_quantity == 4


def test_keys_differ_by_case_on_both_databases(till: Till) -> None:
    """MySQL's own collations take cp-1 for CP-1."""
    till.open("CP-1", on_hand=1)
    till.open("cp-1", on_hand=0)

    assert till.buy(sku="CP-1", key="A").purchase.id != till.buy(sku="cp-1", key="a").purchase.id


def test_moments_come_back_as_they_went_in(till: Till, database: Database) -> None:
    till.clock.ahead = timedelta(microseconds=1)
    before = till.clock()
    till.open()

    with database.snapshot() as transaction:
        product = get_product(transaction, DONUT)

    assert product is not None
    assert before <= product.created_at <= till.clock()
    assert product.created_at.utcoffset() == timedelta(0)


def test_what_is_not_committed_is_not_kept(
    till: Till, database: Database, read_books: Callable[[], Books]
) -> None:
    till.open(on_hand=3)
    before = read_books()

    with database.unit_of_work() as transaction:
        move_on_hand(transaction, sku=DONUT, quantity=-1, now=till.clock())

    assert read_books() == before


def test_what_fails_half_way_is_not_kept(till: Till, database: Database, read_books: Callable[[], Books]) -> None:
    till.open(on_hand=3)
    before = read_books()

    def fail_half_way() -> None:
        with database.unit_of_work() as transaction:
            move_on_hand(transaction, sku=DONUT, quantity=-1, now=till.clock())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()

    assert read_books() == before


def test_a_key_that_is_taken_is_told_from_every_other_error(till: Till, database: Database) -> None:
    till.open(on_hand=0)
    till.restock()

    with pytest.raises(UniqueViolation), database.unit_of_work() as transaction:
        transaction.execute(sa.text("INSERT INTO product SELECT * FROM product"))
    with pytest.raises(sa.exc.IntegrityError), database.unit_of_work() as transaction:
        transaction.execute(sa.text("UPDATE product SET name = NULL"))


def test_a_lock_on_nothing_is_none(database: Database) -> None:
    with database.unit_of_work() as transaction:
        assert lock_product(transaction, "CP-404") is None
