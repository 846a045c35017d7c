"""SQLAlchemy engines, each database set so that what is answered is on disk."""

from typing import Any

from sqlalchemy import Connection, Engine, PoolResetState, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import ConnectionPoolEntry

from backend.store.unit_of_work import COMMITTED, READ_ONLY

LOCK_WAIT_SECONDS = 10
CONNECT_SECONDS = 3
ANSWER_SECONDS = 20


def make_engine(*, database_url: str, connections: int, changes_tables: bool = False) -> Engine:
    """An engine with at most ``connections`` connections.

    Args:
        database_url: a SQLAlchemy URL of SQLite or ``mysql+pymysql``.
        connections: size of the pool.
        changes_tables: wait for an answer as long as it takes, for a large table takes long; but only
            ``LOCK_WAIT_SECONDS`` for the table itself, for whoever comes later waits behind.
    """
    if make_url(database_url).get_backend_name() == "sqlite":
        engine = _make_sqlite_engine(database_url=database_url, connections=connections)
    else:
        seconds = None if changes_tables else ANSWER_SECONDS
        engine = _make_mysql_engine(database_url=database_url, connections=connections, answer_seconds=seconds)
    event.listen(engine, "reset", _roll_back_unless_committed)
    return engine


def _make_mysql_engine(*, database_url: str, connections: int, answer_seconds: int | None) -> Engine:
    return create_engine(
        database_url,
        isolation_level="READ COMMITTED",
        pool_size=connections,
        max_overflow=0,
        pool_timeout=LOCK_WAIT_SECONDS,
        pool_recycle=1800,
        pool_reset_on_return=None,
        connect_args={
            "charset": "utf8mb4",
            "connect_timeout": CONNECT_SECONDS,
            "read_timeout": answer_seconds,
            "write_timeout": answer_seconds,
            "init_command": f"SET innodb_lock_wait_timeout = {LOCK_WAIT_SECONDS}, "
            f"lock_wait_timeout = {LOCK_WAIT_SECONDS}, time_zone = '+00:00'",
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
    event.listen(engine, "begin", _begin_sqlite)
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


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once: a transaction that reads first and writes later can be refused it."""
    read_only = connection.get_execution_options().get(READ_ONLY)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
