"""What integration tests share: a till on a fresh database, SQLite and MariaDB."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from backend.store.engine import make_engine
from backend.store.unit_of_work import Database
from tests.integration.books import Books
from tests.integration.fake_factory import FakeFactory
from tests.integration.fake_receiver import FakeReceiver
from tests.integration.rush import Crowd
from tests.integration.till import Till

CONNECTIONS = 24


@pytest.fixture(scope="session")
def crowd() -> Iterator[Crowd]:
    """Three processes that do things at once."""
    started = Crowd(processes=3)
    yield started
    started.stop()


@pytest.fixture
def fake_factory() -> Iterator[FakeFactory]:
    """A factory that takes every order."""
    factory = FakeFactory()
    yield factory
    factory.close()


@pytest.fixture
def fake_receiver() -> Iterator[FakeReceiver]:
    """A receiver of webhook messages that takes every one."""
    receiver = FakeReceiver()
    yield receiver
    receiver.close()


@pytest.fixture
def engine(migrated_database_url: str) -> Iterator[sa.Engine]:
    """The engine that the services use."""
    made = make_engine(database_url=migrated_database_url, connections=CONNECTIONS)
    yield made
    made.dispose()


@pytest.fixture
def database(engine: sa.Engine) -> Database:
    """The database that the services use."""
    return Database(engine)


@pytest.fixture
def till(database: Database) -> Till:
    """A counter, and no product yet."""
    return Till(database)


@pytest.fixture
def read_books(migrated_database_url: str) -> Iterator[Callable[[], Books]]:
    """Reads every table over a connection of its own."""
    engine = sa.create_engine(migrated_database_url, poolclass=sa.NullPool)
    yield lambda: Books(engine)
    engine.dispose()
