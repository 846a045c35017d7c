import shutil
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
import sqlalchemy.exc

from backend.store.migrate import upgrade
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


def test_a_copied_database_has_the_same_tables_and_is_at_the_same_revision(mariadb: MariaDB) -> None:
    source, target = mariadb.create_database(), mariadb.create_database()
    upgrade(database_url=source)

    mariadb.copy_tables(source=source, target=target)

    tables = [table for (table,) in mariadb.query(f"SHOW TABLES FROM {_name(source)}")]
    assert "product" in tables
    for table in tables:
        original, copy = (mariadb.query(f"SHOW CREATE TABLE {_name(url)}.{table}") for url in (source, target))
        assert copy == original
    revision, copied = (
        mariadb.query(f"CHECKSUM TABLE {_name(url)}.alembic_version")[0][1] for url in (source, target)
    )
    assert copied == revision != 0


def test_a_database_is_gone_once_it_was_dropped(mariadb: MariaDB) -> None:
    url = mariadb.create_database()

    mariadb.drop_database(url)
    mariadb.drop_database(url)

    assert (_name(url),) not in mariadb.query("SHOW DATABASES")
