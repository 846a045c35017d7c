"""What tests share: databases and the local AWS, real ones."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers.local_aws import LocalAws
from tests.servers.mariadb import MariaDB


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
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The SQLAlchemy URL of a fresh, empty database; the test runs once on SQLite and once on MariaDB."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.db'}"
    mariadb: MariaDB = request.getfixturevalue("mariadb")
    return mariadb.create_database()


@pytest.fixture
def migrated_database_url(database_url: str) -> str:
    """The URL of a fresh database that has all tables and no rows, on SQLite and on MariaDB."""
    from backend.store.migrate import upgrade

    upgrade(database_url=database_url)
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
