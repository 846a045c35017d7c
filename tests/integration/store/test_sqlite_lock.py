"""SQLite's lock for writers: asked for often, given up in time, and nothing of the asking left behind."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from backend.store.engine import LOCK_WAIT_SECONDS, make_engine
from backend.store.unit_of_work import Database, DatabaseUnavailable
from tests.servers.waiting import wait_until

WRITE = sa.text("CREATE TABLE written (id INTEGER)")
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Somebody else, who has the lock."""
    with closing(sqlite3.connect(tmp_path / "shop.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        yield connection


@pytest.fixture
def said() -> list[str]:
    """What was said to the database by whoever wants to write."""
    return []


@pytest.fixture
def make_writer(tmp_path: Path, said: list[str]) -> Iterator[Callable[[], sa.Engine]]:
    """Makes an engine with one connection."""
    made: list[sa.Engine] = []

    def make() -> sa.Engine:
        made.append(make_engine(database_url=f"sqlite:///{tmp_path / 'shop.db'}", connections=1))
        sa.event.listen(made[-1], "connect", lambda connection, _: connection.set_trace_callback(said.append))
        return made[-1]

    yield make
    for engine in made:
        engine.dispose()


def _write(engine: sa.Engine) -> None:
    with Database(engine).unit_of_work() as transaction:
        transaction.execute(WRITE)
        transaction.commit()


def _busy_timeout(engine: sa.Engine) -> int:
    with Database(engine).snapshot() as transaction:
        return int(transaction.execute(sa.text("PRAGMA busy_timeout")).scalar_one())


def test_the_lock_is_asked_for_again_and_again_and_taken_when_it_is_free(
    make_writer: Callable[[], sa.Engine], holder: sqlite3.Connection, said: list[str]
) -> None:
    engine = make_writer()

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(_write, engine)
        wait_until(lambda: said.count("BEGIN IMMEDIATE") > 20, seconds=30, what="the writer to ask often")
        holder.rollback()
        writing.result()

    assert holder.execute(TABLES).fetchall() == [("written",)]
    assert _busy_timeout(engine) == LOCK_WAIT_SECONDS * 1000


def test_a_lock_that_does_not_come_is_given_up(
    make_writer: Callable[[], sa.Engine], holder: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.store.engine.LOCK_WAIT_SECONDS", 1)
    engine = make_writer()

    with pytest.raises(DatabaseUnavailable, match="database is locked"):
        _write(engine)

    assert _busy_timeout(engine) == 1000
    holder.rollback()
    _write(engine)
    assert holder.execute(TABLES).fetchall() == [("written",)]


def test_who_only_reads_does_not_ask(
    make_writer: Callable[[], sa.Engine], holder: sqlite3.Connection, said: list[str]
) -> None:
    assert _busy_timeout(make_writer()) == LOCK_WAIT_SECONDS * 1000

    assert holder.in_transaction
    assert "BEGIN" in said
    assert "BEGIN IMMEDIATE" not in said
