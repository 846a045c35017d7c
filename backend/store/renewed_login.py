"""An engine whose password is rotated by somebody else: a refused login is read anew, and tried once more."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event

ACCESS_DENIED = 1045
"""https://mariadb.com/kb/en/mariadb-error-codes/, and the same of MySQL."""

Login = tuple[str, str]
"""User and password."""


def renew_login(engine: Engine, *, read_login_anew: Callable[[], Login]) -> None:
    """Let every connection to come that is refused its login ask for another, once, and remember that one."""

    def connect(dialect: Any, record: object, arguments: list[Any], options: dict[str, Any]) -> Any:
        try:
            return dialect.connect(*arguments, **options)
        except dialect.loaded_dbapi.OperationalError as error:
            if error.args[:1] != (ACCESS_DENIED,):
                raise
        options["user"], options["password"] = read_login_anew()  # the engine's own: kept for the next ones
        return dialect.connect(*arguments, **options)

    event.listen(engine, "do_connect", connect)
