"""What tests share: databases and the local AWS, real ones."""

import hmac
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest
import structlog
from playwright.sync_api import Browser

from tests.servers.browser import open_browser
from tests.servers.local_aws import LocalAws
from tests.servers.mariadb import MariaDB

pytest_plugins = ("tests.scheduling",)


@pytest.fixture(autouse=True)
def logs_as_they_come() -> Iterator[None]:
    """What one test's program says of logs, its level above all, must not silence another's."""
    structlog.reset_defaults()
    yield
    structlog.reset_defaults()


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bytes, bytes]]:
    """What is compared in constant time from now on: both sides of each comparison, in order."""
    pairs: list[tuple[bytes, bytes]] = []
    compare_digest: Callable[[bytes, bytes], bool] = hmac.compare_digest

    def watched(one: bytes, other: bytes) -> bool:
        pairs.append((one, other))
        return compare_digest(one, other)

    monkeypatch.setattr(hmac, "compare_digest", watched)
    return pairs


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for the tests of one module: while it is open no other can be."""
    with open_browser() as running:
        yield running


@pytest.fixture(scope="session")
def mariadb() -> Iterator[MariaDB]:
    """The MariaDB server of this run, started when the first test asks for it."""
    server = MariaDB.start()
    yield server
    server.stop()


@pytest.fixture
def start_mariadb() -> Iterator[Callable[[], MariaDB]]:
    """Starts MariaDB servers of a test's own, which it may kill."""
    servers: list[MariaDB] = []

    def start() -> MariaDB:
        servers.append(MariaDB.start())
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(params=["sqlite", "mariadb"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The SQLAlchemy URL of a fresh, empty database; the test runs once on SQLite and once on MariaDB."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    mariadb: MariaDB = request.getfixturevalue("mariadb")
    url = mariadb.create_database()
    yield url
    mariadb.drop_database(url)


@pytest.fixture(scope="session")
def fill_with_tables(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], None]:
    """Gives an empty database all tables. It is migrated once for all tests, and copied: that takes a tenth."""
    from backend.store.migrate import upgrade

    @cache
    def sqlite_template() -> str:
        path = tmp_path_factory.mktemp("template") / "migrated.db"
        upgrade(database_url=f"sqlite:///{path}")
        return str(path)

    @cache
    def mariadb_template() -> str:
        url: str = request.getfixturevalue("mariadb").create_database()
        upgrade(database_url=url)
        return url

    def fill(url: str) -> None:
        path = url.removeprefix("sqlite:///")
        if path == url:
            request.getfixturevalue("mariadb").copy_tables(source=mariadb_template(), target=url)
            return
        with closing(sqlite3.connect(sqlite_template())) as source, closing(sqlite3.connect(path)) as target:
            source.backup(target)

    return fill


@pytest.fixture
def migrated_database_url(database_url: str, fill_with_tables: Callable[[str], None]) -> str:
    """The URL of a fresh database that has all tables and no rows, on SQLite and on MariaDB."""
    fill_with_tables(database_url)
    return database_url


@pytest.fixture(scope="session")
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint URL of the local AWS of this run. Tests share it: each names its own topic and queues."""
    server = LocalAws.start(folder=tmp_path_factory.mktemp("local-aws"))
    yield server.endpoint_url
    server.stop()


@pytest.fixture
def start_local_aws(tmp_path: Path) -> Iterator[Callable[[], LocalAws]]:
    """Starts local AWS servers of a test's own, which it may kill and restart."""
    servers: list[LocalAws] = []

    def start() -> LocalAws:
        servers.append(LocalAws.start(folder=tmp_path))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()
