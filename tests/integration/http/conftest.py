"""A backend process for each database, which the tests of this folder share."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
import uuid_utils

from backend.bootstrap import Parts, init_aws
from backend.settings import Settings
from tests.integration.books import Books
from tests.integration.served import SECRET, Served, environment_of
from tests.integration.till import Till
from tests.servers.mariadb import MariaDB


@pytest.fixture(scope="package", params=["sqlite", "mariadb"])
def shop_settings(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    local_aws: str,
    fill_with_tables: Callable[[str], None],
) -> Settings:
    """A migrated database, and a topic and queues of its own."""
    if request.param == "sqlite":
        database_url = f"sqlite:///{tmp_path_factory.mktemp('http') / 'shop.db'}"
    else:
        mariadb: MariaDB = request.getfixturevalue("mariadb")
        database_url = mariadb.create_database()
    fill_with_tables(database_url)
    name = uuid_utils.uuid4().hex[:12]
    settings = Settings(
        database_url=database_url,
        AWS_ENDPOINT_URL=local_aws,
        topic_name=f"topic-{name}",
        queue_name=f"queue-{name}",
        dead_letter_queue_name=f"dead-{name}",
        callback_secrets=(SECRET,),
    )
    init_aws(settings)
    return settings


@pytest.fixture(scope="package")
def served(shop_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The backend."""
    started = Served.start(environment_of(shop_settings), folder=tmp_path_factory.mktemp("served"))
    yield started
    started.stop()


@pytest.fixture(scope="package")
def shared_till(shop_settings: Settings) -> Iterator[Till]:
    """A counter on the same database, for what no customer can do."""
    parts = Parts(shop_settings)
    yield Till(parts.database, shop=parts.shop)
    parts.database.dispose()


@pytest.fixture(scope="package")
def read_books(shop_settings: Settings) -> Iterator[Callable[[], Books]]:
    """Reads every table over a connection of its own."""
    engine = sa.create_engine(shop_settings.database_url, poolclass=sa.NullPool)
    yield lambda: Books(engine)
    engine.dispose()


@pytest.fixture
def sku(shared_till: Till) -> str:
    """A product of the test's own, with ten on its shelf."""
    name = f"CP-{uuid_utils.uuid4().hex[:12]}"
    shared_till.open(name, on_hand=10)
    return name


@pytest.fixture
def order(shared_till: Till, sku: str) -> str:
    """An order of ten for that product."""
    return shared_till.restock(sku=sku).replenishment.id
