"""SQLAlchemy engines, each database set so that what is answered is on disk."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, PoolResetState, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import ConnectionPoolEntry

from backend.store.sqlite_lock import take_lock_at_begin
from backend.store.unit_of_work import COMMITTED

LOCK_WAIT_SECONDS = 10
CONNECT_SECONDS = 3
ANSWER_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds for which MySQL is waited for: to connect, for a lock, and for any answer (None: for ever)."""

    connect: int
    lock: int
    answer: int | None


def make_engine(
    *, database_url: str, connections: int, changes_tables: bool = False, waits: Waits | None = None
) -> Engine:
    """An engine with at most ``connections`` connections.

    Args:
        database_url: a SQLAlchemy URL of SQLite or ``mysql+pymysql``.
        connections: size of the pool.
        changes_tables: wait for an answer as long as it takes, for a large table takes long; but only
            ``LOCK_WAIT_SECONDS`` for the table itself, for whoever comes later waits behind.
        waits: other times than these, for one who has less.
    """
    if make_url(database_url).get_backend_name() == "sqlite":
        engine = _make_sqlite_engine(database_url=database_url, connections=connections)
    else:
        answer = None if changes_tables else ANSWER_SECONDS
        usual = Waits(connect=CONNECT_SECONDS, lock=LOCK_WAIT_SECONDS, answer=answer)
        engine = _make_mysql_engine(database_url=database_url, connections=connections, waits=waits or usual)
    event.listen(engine, "reset", _roll_back_unless_committed)
    return engine


def _make_mysql_engine(*, database_url: str, connections: int, waits: Waits) -> Engine:
    return create_engine(
        database_url,
        isolation_level="READ COMMITTED",
        pool_size=connections,
        max_overflow=0,
        pool_timeout=waits.lock,
        pool_recycle=1800,
        pool_reset_on_return=None,
        connect_args={
            "charset": "utf8mb4",
            "connect_timeout": waits.connect,
            "read_timeout": waits.answer,
            "write_timeout": waits.answer,
            "init_command": f"SET innodb_lock_wait_timeout = {waits.lock}, "
            f"lock_wait_timeout = {waits.lock}, time_zone = '+00:00'",
        },
    )


def _make_sqlite_engine(*, database_url: str, connections: int) -> Engine:
    engine = create_engine(
        database_url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=LOCK_WAIT_SECONDS,
        pool_reset_on_return=None,
        # None: the driver begins nothing by itself, so that our BEGIN says which lock it wants.
        connect_args={"timeout": LOCK_WAIT_SECONDS, "isolation_level": None},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    take_lock_at_begin(engine, wait_seconds=LOCK_WAIT_SECONDS)
    return engine


def _roll_back_unless_committed(connection: Any, record: ConnectionPoolEntry, state: PoolResetState) -> None:
    """What goes back to the pool has nothing open; after a COMMIT that is so, without another round trip."""
    if not record.info.pop(COMMITTED, False) and not state.transaction_was_reset:
        connection.rollback()


def _prepare_sqlite(connection: Any, record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()
