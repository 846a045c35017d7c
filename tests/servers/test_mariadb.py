import shutil
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
import sqlalchemy.exc

from tests.servers.mariadb import MariaDB


def _name(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


def test_each_database_is_new_and_empty_and_utf8mb4(mariadb: MariaDB) -> None:
    first, second = mariadb.create_database(), mariadb.create_database()

    assert first != second
    assert mariadb.query(f"SHOW TABLES FROM {_name(first)}") == []
    ((_, definition),) = mariadb.query(f"SHOW CREATE DATABASE {_name(first)}")
    assert "utf8mb4" in definition


def test_a_killed_server_comes_back_with_what_was_committed(start_mariadb: Callable[[], MariaDB]) -> None:
    server = start_mariadb()
    database = _name(server.create_database())

    server.kill()
    with pytest.raises(sqlalchemy.exc.OperationalError):
        server.query("SELECT 1")
    server.restart()

    assert (database,) in server.query("SHOW DATABASES")


def test_a_missing_server_fails_with_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)

    with pytest.raises(pytest.fail.Exception, match="apt-get install --no-install-recommends mariadb-server"):
        MariaDB.start()
