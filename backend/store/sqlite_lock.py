"""SQLite's one lock for all who write: taken when a transaction begins, and waited for by asking often.

A transaction that reads first and writes later can be refused the lock, so it takes it at once. Whoever finds it
taken asks again every millisecond. SQLite's own intervals grow to 100 ms (``sqliteDefaultBusyCallback`` in
https://www.sqlite.org/src/file?name=src/main.c); beside a storm of short transactions, who asks that seldom meets
the moments between two of them by luck, and waited for half a second.
"""

import sqlite3

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPICursor
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_fixed

from backend.store.unit_of_work import READ_ONLY

ASK_AGAIN_SECONDS = 0.001
BEGIN_WRITING = "BEGIN IMMEDIATE"


def take_lock_at_begin(engine: Engine, *, wait_seconds: float) -> None:
    """Have every writing transaction of a SQLite engine begin with the lock.

    Args:
        engine: one whose driver begins nothing by itself (``isolation_level=None``).
        wait_seconds: how long the lock is waited for; ``OperationalError`` after that.
    """
    asking = Retrying(
        retry=retry_if_exception(_is_locked),
        wait=wait_fixed(ASK_AGAIN_SECONDS),
        stop=stop_after_delay(wait_seconds),
        reraise=True,
    )

    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get(READ_ONLY):
            connection.exec_driver_sql("BEGIN")
            return
        cursor = connection.connection.cursor()
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            _take(cursor, asking)
        except sqlite3.Error:
            connection.exec_driver_sql(BEGIN_WRITING)  # once more, to be refused in SQLAlchemy's words
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(wait_seconds * 1000)}")
            cursor.close()

    event.listen(engine, "begin", begin)


def _take(cursor: DBAPICursor, asking: Retrying) -> None:
    try:
        cursor.execute(BEGIN_WRITING)
    except sqlite3.OperationalError:  # to count attempts from the first on would cost more than all else here
        asking(cursor.execute, BEGIN_WRITING)


def _is_locked(error: BaseException) -> bool:
    """Busy, whatever with: SQLite's extended codes keep the plain one in the lowest byte."""
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
