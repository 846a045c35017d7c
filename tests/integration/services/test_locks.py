"""Somebody else is at the product: a purchase waits its turn, and is tried again when it was refused one."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from backend.domain.sale import Outcome
from backend.services.purchase import PurchaseAnswer
from backend.store.engine import make_engine
from backend.store.unit_of_work import Database, DatabaseUnavailable
from tests.integration.books import Books
from tests.integration.till import DONUT, Till, wants
from tests.servers.waiting import wait_until

ReadBooks = Callable[[], Books]

LOCK_WAITS = {"sqlite": "database is locked", "mysql": "Lock wait timeout exceeded"}


@pytest.fixture
def impatient_engine(migrated_database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[sa.Engine]:
    """An engine that waits neither for a lock nor for a connection."""
    monkeypatch.setattr("backend.store.engine.LOCK_WAIT_SECONDS", 0)
    made = make_engine(database_url=migrated_database_url, connections=2)
    yield made
    made.dispose()


@pytest.fixture
def impatient_till(impatient_engine: sa.Engine) -> Till:
    """A counter on that engine."""
    return Till(Database(impatient_engine))


@pytest.fixture
def holder(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Somebody else."""
    with engine.connect() as connection:
        yield connection


def _take(holder: sa.Connection, sku: str) -> None:
    holder.execute(sa.text("UPDATE product SET updated_at = updated_at WHERE sku = :sku"), {"sku": sku})


def _somebody_waits(engine: sa.Engine) -> bool:
    waiting = "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'"
    with engine.connect() as connection:
        return bool(connection.exec_driver_sql(waiting).scalar())


def test_a_lock_that_comes_too_late_is_waited_for_again(
    till: Till,
    impatient_till: Till,
    impatient_engine: sa.Engine,
    holder: sa.Connection,
    read_books: ReadBooks,
) -> None:
    till.open(on_hand=10)
    _take(holder, DONUT)
    refusals: list[str] = []

    @sa.event.listens_for(impatient_engine, "handle_error")
    def let_go(context: sa.ExceptionContext) -> None:
        refusals.append(str(context.original_exception))
        holder.rollback()

    assert impatient_till.buy().purchase.outcome is Outcome.SOLD
    [refusal] = refusals
    assert LOCK_WAITS[impatient_engine.dialect.name] in refusal
    assert read_books().on_hand(DONUT) == 9
    assert read_books().faults() == []


def test_a_lock_that_never_comes_is_unavailable_and_nothing_is_counted(
    till: Till,
    impatient_till: Till,
    holder: sa.Connection,
    read_books: ReadBooks,
) -> None:
    till.open(on_hand=10)
    before = read_books()
    _take(holder, DONUT)

    with pytest.raises(DatabaseUnavailable):
        impatient_till.buy()

    holder.rollback()
    assert read_books() == before


def test_a_pool_without_a_free_connection_is_unavailable(
    impatient_engine: sa.Engine, impatient_till: Till
) -> None:
    database = impatient_till.database
    with database.snapshot(), database.snapshot(), pytest.raises(DatabaseUnavailable, match="QueuePool limit"):
        database.snapshot().__enter__()


@pytest.mark.parametrize("database_url", ["mariadb"], indirect=True)
def test_the_victim_of_a_deadlock_is_tried_again(
    till: Till, engine: sa.Engine, holder: sa.Connection, read_books: ReadBooks
) -> None:
    """The purchase holds A and waits for B; the other holds B, has written more, and comes for A."""
    till.open("A", on_hand=10)
    till.open("B", on_hand=10)
    errors: list[str] = []
    sa.event.listen(engine, "handle_error", lambda context: errors.append(str(context.original_exception)))
    _take(holder, "B")
    for number in range(50):
        holder.execute(
            sa.text("INSERT INTO queue_sample VALUES (:at, 0, 0, 0)"), {"at": f"2026-11-01 00:00:{number:02}"}
        )

    with ThreadPoolExecutor(1) as pool:
        selling = pool.submit(till.sell, wants(1, sku="A"), wants(1, sku="B"))
        wait_until(lambda: _somebody_waits(engine), seconds=30, what="the purchase to wait for B")
        _take(holder, "A")
        holder.commit()
        answers = selling.result()

    assert all(isinstance(answer, PurchaseAnswer) for answer in answers)
    assert any("Deadlock found" in error for error in errors)
    books = read_books()
    assert (books.on_hand("A"), books.on_hand("B")) == (9, 9)
    assert books.faults() == []


def test_a_database_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    engine = make_engine(database_url=f"sqlite:///{tmp_path / 'missing' / 'shop.db'}", connections=1)

    with pytest.raises(DatabaseUnavailable, match="unable to open"):
        Till(Database(engine)).buy()
