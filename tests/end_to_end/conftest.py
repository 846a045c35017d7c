"""What tests of the loop share: its processes, once on SQLite and once on MariaDB."""

from collections.abc import Callable, Iterator

import pytest

from tests.end_to_end.loop import Loop
from tests.integration.fake_factory import FakeFactory
from tests.servers.local_aws import LocalAws
from tests.servers.mariadb import MariaDB


@pytest.fixture(scope="package", params=["sqlite", "mariadb"])
def shared_loop(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    fill_with_tables: Callable[[str], None],
) -> Iterator[Loop]:
    """Two backends, a factory mock and a local AWS of their own."""
    folder = tmp_path_factory.mktemp("loop")
    aws = LocalAws.launch(folder=folder)
    if request.param == "sqlite":
        database_url = f"sqlite:///{folder / 'shop.db'}"
    else:
        mariadb: MariaDB = request.getfixturevalue("mariadb")
        database_url = mariadb.create_database()
    fill_with_tables(database_url)
    loop = Loop.start(database_url=database_url, folder=folder, aws=aws)
    yield loop
    loop.stop()
    aws.stop()


@pytest.fixture
def loop(shared_loop: Loop) -> Iterator[Loop]:
    """The loop, without a worker yet."""
    yield shared_loop
    shared_loop.stop_workers()


@pytest.fixture
def fake_factory() -> Iterator[FakeFactory]:
    """A factory that does as it is told, and never calls back."""
    factory = FakeFactory()
    yield factory
    factory.close()
