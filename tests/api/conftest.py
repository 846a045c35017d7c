"""What tests of the API share: the app on both databases, with a client that checks every answer."""

import itertools
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from backend.bootstrap import Parts, init_aws
from backend.entrypoints.app import create_app
from backend.settings import Settings
from backend.store.migrate import upgrade
from tests.api.checked_client import CheckedClient
from tests.api.shop import ALICE, BOB, JSON, SECRET, Shop
from tests.factory_mock.process import FactoryProcess
from tests.servers.mariadb import MariaDB

NOBODY_LISTENS = "http://127.0.0.1:9"
_topics = itertools.count(1)


def make_settings(database_url: str, **values: Any) -> Settings:
    """The settings of a test's app; SQS is out of reach unless told otherwise."""
    return Settings(
        **{
            "database_url": database_url,
            "AWS_ENDPOINT_URL": NOBODY_LISTENS,
            "callback_secrets": SECRET,
            "operator_token": f"alice:{ALICE},bob:{BOB}",
            "log_level": "ERROR",
            "backend_threads": 8,
            **values,
        }
    )


@pytest.fixture(scope="session")
def make_shop() -> Iterator[Callable[..., Shop]]:
    """Makes apps around a database, with settings of the test's."""
    made: list[Parts] = []

    def make(database_url: str, **values: Any) -> Shop:
        parts = Parts(make_settings(database_url, **values))
        made.append(parts)
        app = create_app(parts)
        app.test_client_class = CheckedClient
        return Shop(app=app, parts=parts)

    yield make
    for parts in made:
        parts.database.dispose()


@pytest.fixture(scope="session")
def aws(local_aws: str) -> Callable[[], dict[str, str]]:
    """Makes a topic and queues of the test's own; returns the settings that name them."""

    def make() -> dict[str, str]:
        number = next(_topics)
        names = {
            "AWS_ENDPOINT_URL": local_aws,
            "topic_name": f"api-{number}",
            "queue_name": f"api-{number}",
            "dead_letter_queue_name": f"api-dead-{number}",
        }
        init_aws(make_settings("sqlite:///", **names))
        return names

    return make


@pytest.fixture(scope="session")
def open_shared_shop(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    make_shop: Callable[..., Shop],
    aws: Callable[[], dict[str, str]],
) -> Callable[[str], Shop]:
    """Opens the shop that many tests share, on the database of this name: once, whatever order tests run in."""

    @cache
    def open_shop(database: str) -> Shop:
        if database == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('api') / 'shared.db'}"
        else:
            mariadb: MariaDB = request.getfixturevalue("mariadb")
            url = mariadb.create_database()
        upgrade(database_url=url)
        return make_shop(url, **aws())

    return open_shop


@pytest.fixture(scope="session", params=["sqlite", "mariadb"])
def shared_shop(request: pytest.FixtureRequest, open_shared_shop: Callable[[str], Shop]) -> Shop:
    """A shop that many tests share: each brings products of its own."""
    return open_shared_shop(request.param)


@pytest.fixture(scope="session")
def shared_database_url(shared_shop: Shop) -> str:
    """The database of that shop."""
    return shared_shop.parts.settings.database_url


@pytest.fixture
def shop(shared_shop: Shop) -> Shop:
    """A shop that other tests use too, on SQLite and on MariaDB."""
    return shared_shop


@pytest.fixture
def fresh_shop(migrated_database_url: str, make_shop: Callable[..., Shop]) -> Shop:
    """A shop of the test's own, with nothing in it, on SQLite and on MariaDB; SQS is out of reach."""
    return make_shop(migrated_database_url)


@pytest.fixture(scope="session")
def sqlite_shop(tmp_path_factory: pytest.TempPathFactory, make_shop: Callable[..., Shop]) -> Shop:
    """A shop on SQLite alone, for what does not depend on the database."""
    url = f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'shop.db'}"
    upgrade(database_url=url)
    return make_shop(url)


@pytest.fixture(scope="session")
def published(sqlite_shop: Shop) -> JSON:
    """The document that the API publishes."""
    document: JSON = sqlite_shop.app.test_client().get("/openapi.json").get_json()
    return document


@pytest.fixture(scope="session")
def migrated_sqlite_url(sqlite_shop: Shop) -> str:
    """The URL of ``sqlite_shop``'s database, for apps with other settings."""
    return sqlite_shop.parts.settings.database_url


@pytest.fixture(scope="session")
def factory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FactoryProcess]:
    """The factory mock as a process, with a lead time of next to nothing, and alice as its operator."""
    folder = tmp_path_factory.mktemp("factory")
    process = FactoryProcess(
        log=folder / "log",
        environment={
            "FACTOAUTO_VAR_DIR": str(folder),
            "FACTOAUTO_OPERATOR_TOKEN": f"alice:{ALICE}",
            "FACTOAUTO_LEAD_TIME_SECONDS": "0.05",
        },
    )
    process.wait_until_ready()
    yield process
    process.end()


@pytest.fixture(scope="session")
def broken_shop(make_shop: Callable[..., Shop], tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A shop whose database and queue are out of reach."""
    missing: Path = tmp_path_factory.mktemp("broken") / "no" / "such" / "folder.db"
    return make_shop(f"sqlite:///{missing}")
