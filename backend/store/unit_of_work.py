"""Transactions: one ``with`` is one transaction, made for the call, rolled back unless committed.

What the database driver raises is told apart here, once: what another attempt may mend
(``DatabaseUnavailable``), an answer to COMMIT that never came (``CommitUncertain``), and a key that is taken
(``UniqueViolation``).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, CursorResult, Engine, Executable
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    stop_after_delay,
    wait_random_exponential,
)

READ_ONLY = "factoauto_read_only"
COMMITTED = "factoauto_committed"
"""Mark on a connection that has nothing open since its COMMIT."""
LAST_BEGINS_WITHIN_SECONDS = 12
"""A lock that was waited for in vain is waited for once more. A database that hangs, and takes all the time that
an attempt has, is not asked again: whoever waits for the answer would wait four times as long."""

# https://mariadb.com/kb/en/mariadb-error-codes/: too many connections, shutting down, lock wait timeout,
# deadlock, read-only server (three ways), killed connection, and the client's own errors of a lost server;
# a database or a table that is not there yet; and a login that is refused (1044, 1045, 1698), as it is for a
# moment whenever passwords are changed.
TRANSIENT_MYSQL_CODES = frozenset(
    {1040, 1044, 1045, 1049, 1053, 1146, 1205, 1213, 1290, 1698, 1792, 1836, 1927, 2002, 2003, 2006, 2013, 2014}
)
DUPLICATE_MYSQL_CODE = 1062
TRANSIENT_SQLITE_TEXTS = (
    "locked",
    "busy",
    "disk i/o",
    "readonly",
    "read-only",
    "unable to open",
    "is full",
    "no such table",
)


class DatabaseUnavailable(Exception):
    """The database could not be reached or would not work; nothing of this transaction is kept."""


class CommitUncertain(DatabaseUnavailable):
    """The answer to COMMIT was lost: all of the transaction is kept, or nothing; we cannot tell which."""


class UniqueViolation(Exception):
    """A unique key is taken; the transaction is rolled back."""


class Transaction:
    """One transaction of a service."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def execute(
        self, statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run one statement with these values; with a list of them, once for each."""
        return self._connection.execute(statement, values)

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``mysql``."""
        return self._connection.dialect.name

    def commit(self) -> None:
        """Keep everything.

        Raises:
            CommitUncertain: the connection was lost before the answer came.
            DatabaseUnavailable: the database refused; nothing is kept.
        """
        try:
            self._connection.commit()
        except DBAPIError as error:
            if error.connection_invalidated:
                raise CommitUncertain(str(error.orig)) from error
            raise
        self._connection.info[COMMITTED] = True


class Database:
    """The database behind a SQLAlchemy engine."""

    def __init__(self, engine: Engine) -> None:
        self._writing = engine
        self._reading = engine.execution_options(**{READ_ONLY: True})
        self._is_mysql = engine.dialect.name == "mysql"

    @contextmanager
    def unit_of_work(self) -> Iterator[Transaction]:
        """One writing transaction.

        Raises:
            DatabaseUnavailable, CommitUncertain, UniqueViolation: see there.
        """
        with errors_told_apart(), self._writing.connect() as connection:
            yield Transaction(connection)

    @contextmanager
    def snapshot(self) -> Iterator[Transaction]:
        """One reading transaction, which sees the database as of one moment.

        Raises:
            DatabaseUnavailable: see there.
        """
        with errors_told_apart(), self._reading.connect() as connection:
            if self._is_mysql:
                # Of the one transaction that follows. SQLAlchemy's option asks more of the server, and lets the
                # driver's own error out where the connection broke while it was idle.
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield Transaction(connection)

    def dispose(self) -> None:
        """Close every connection."""
        self._writing.dispose()


def attempts(*, uncertain_too: bool = False) -> Retrying:
    """Attempts at a transaction that lost its connection or a lock: four, with short pauses.

    None is begun later than twelve seconds after the first.

    Once a COMMIT's answer was lost and no attempt found out what became of it, the end is ``CommitUncertain``,
    whatever the last attempt ended with.

    Args:
        uncertain_too: also after a COMMIT whose answer was lost; only where a second run finds out by itself
            that the first was kept.
    """
    uncertain: list[CommitUncertain] = []

    def is_worth_another(error: BaseException) -> bool:
        if isinstance(error, CommitUncertain):
            uncertain.append(error)
            return uncertain_too
        return isinstance(error, DatabaseUnavailable)

    def give_up(state: RetryCallState) -> Any:
        if uncertain:
            raise uncertain[0]
        return state.outcome.result() if state.outcome else None  # raises what the last attempt ended with

    return Retrying(
        retry=retry_if_exception(is_worth_another),
        stop=stop_after_attempt(4) | stop_after_delay(LAST_BEGINS_WITHIN_SECONDS),
        wait=wait_random_exponential(multiplier=0.05, max=1),
        retry_error_callback=give_up,
    )


@contextmanager
def errors_told_apart() -> Iterator[None]:
    """Raise this module's exceptions instead of the driver's."""
    try:
        yield
    except PoolExhausted as error:
        raise DatabaseUnavailable(str(error)) from error
    except IntegrityError as error:
        if _is_duplicate(error):
            raise UniqueViolation(str(error.orig)) from error
        raise
    except DBAPIError as error:
        if error.connection_invalidated or _is_transient(error):
            raise DatabaseUnavailable(str(error.orig)) from error
        raise


def _is_duplicate(error: IntegrityError) -> bool:
    arguments = error.orig.args if error.orig else ()
    return bool(arguments) and (
        arguments[0] == DUPLICATE_MYSQL_CODE or str(arguments[0]).startswith("UNIQUE constraint failed")
    )


def _is_transient(error: DBAPIError) -> bool:
    arguments = error.orig.args if error.orig else ()
    if not arguments:
        return False
    text = str(arguments[0]).lower()
    return arguments[0] in TRANSIENT_MYSQL_CODES or any(part in text for part in TRANSIENT_SQLITE_TEXTS)
