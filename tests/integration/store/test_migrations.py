"""The migrations make the tables that the code expects, on SQLite and on MariaDB."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from backend.settings import Settings
from backend.store.engine import make_engine
from backend.store.migrate import downgrade, upgrade
from backend.store.tables import metadata
from backend.store.unit_of_work import Database, DatabaseUnavailable
from tests.integration.books import Books
from tests.integration.served import Served, environment_of
from tests.integration.till import DONUT, Till
from tests.servers.mariadb import MariaDB
from tests.servers.waiting import wait_until

FIRST, HEAD = "0001", "0002"
NOBODY_LISTENS = "http://127.0.0.1:9"


def _revision(engine: sa.Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    """Connections to a database that was never migrated."""
    made = sa.create_engine(database_url, poolclass=sa.NullPool)
    yield made
    made.dispose()


def test_the_migrations_make_exactly_the_tables_of_the_code(database_url: str, engine: sa.Engine) -> None:
    upgrade(database_url=database_url)

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_migrations_make_the_checks_of_the_code(database_url: str, engine: sa.Engine) -> None:
    """Alembic compares no CHECK: they are compared here."""
    upgrade(database_url=database_url)

    inspector = sa.inspect(engine)
    for table in metadata.sorted_tables:
        expected = {
            constraint.name for constraint in table.constraints if isinstance(constraint, sa.CheckConstraint)
        }
        found = {constraint["name"] for constraint in inspector.get_check_constraints(table.name)}
        assert {str(name) for name in expected} == found


def test_down_to_nothing_and_up_again(database_url: str, engine: sa.Engine) -> None:
    upgrade(database_url=database_url)
    downgrade(database_url=database_url, revision="base")

    assert set(sa.inspect(engine).get_table_names()) <= {"alembic_version"}
    assert _revision(engine) is None

    upgrade(database_url=database_url)

    assert set(metadata.tables) <= set(sa.inspect(engine).get_table_names())


def test_data_of_every_table_outlive_forward_back_and_forward(database_url: str, engine: sa.Engine) -> None:
    """What the newest version adds is lost on the way back, and nothing else."""
    upgrade(database_url=database_url, revision=FIRST)
    database = Database(make_engine(database_url=database_url, connections=2))
    till = Till(database)
    till.open(on_hand=3)
    till.buy(key="a-key")
    till.deliver(str(till.buy(10).purchase.replenishment_id), 10)
    before = Books(engine)

    upgrade(database_url=database_url)
    after_forward = Books(engine)
    alert = "INSERT INTO alert_check (name) VALUES ('drift')"
    with engine.begin() as connection:
        connection.exec_driver_sql(alert)
    downgrade(database_url=database_url, revision=FIRST)
    after_back = Books(engine)
    upgrade(database_url=database_url)
    till.buy()
    database.dispose()

    assert before.faults() == []
    assert before == after_forward == after_back
    assert Books(engine).on_hand(DONUT) == before.on_hand(DONUT) - 1
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT COUNT(*) FROM alert_check").scalar() == 0


def test_the_newest_migration_is_made_and_undone_while_the_shop_sells(
    database_url: str, engine: sa.Engine, tmp_path: Path
) -> None:
    upgrade(database_url=database_url, revision=FIRST)
    database = Database(make_engine(database_url=database_url, connections=2))
    Till(database).open(on_hand=1_000_000)
    database.dispose()
    settings = Settings(database_url=database_url, AWS_ENDPOINT_URL=NOBODY_LISTENS)
    served = Served.start(environment_of(settings), folder=tmp_path)
    answers: list[int] = []
    closing_time = threading.Event()

    def buy_on() -> None:
        while not closing_time.is_set():
            answers.append(served.send(DONUT).status)

    def sell_some_more() -> None:
        so_far = len(answers)
        wait_until(lambda: len(answers) > so_far + 20, seconds=60, what="more purchases")

    try:
        with ThreadPoolExecutor(4) as customers:
            buying = [customers.submit(buy_on) for _ in range(4)]
            try:
                for migrate in (upgrade, partial(downgrade, revision=FIRST), upgrade):
                    sell_some_more()
                    migrate(database_url=database_url)
                sell_some_more()
            finally:
                closing_time.set()
            for one in buying:
                one.result()
    finally:
        served.stop()

    books = Books(engine)
    assert set(answers) == {200}
    assert books.sold(DONUT) == len(answers)
    assert books.faults() == []


@pytest.mark.parametrize("database_url", ["mariadb"], indirect=True)
def test_on_mariadb_a_migration_that_takes_long_is_waited_for(
    database_url: str, engine: sa.Engine, mariadb: MariaDB, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A seller's connection is given up when the database is silent; a large table takes longer to change."""
    monkeypatch.setattr("backend.store.engine.ANSWER_SECONDS", 1)
    monkeypatch.setattr("backend.store.engine.LOCK_WAIT_SECONDS", 120)
    upgrade(database_url=database_url)
    silent = "SELECT 1 FROM information_schema.processlist WHERE state LIKE '%metadata lock%' AND time_ms >= 1500"

    with ThreadPoolExecutor(1) as operator:
        with engine.begin() as reader:
            reader.exec_driver_sql("SELECT * FROM alert")
            undoing = operator.submit(downgrade, database_url=database_url, revision=FIRST)
            wait_until(lambda: mariadb.query(silent), seconds=60, what="the migration to wait for the reader")
        undoing.result()

    assert _revision(engine) == FIRST


@pytest.mark.parametrize("database_url", ["mariadb"], indirect=True)
def test_on_mariadb_a_migration_does_not_keep_the_shop_waiting_behind_it_for_long(
    database_url: str, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.store.engine.LOCK_WAIT_SECONDS", 1)
    upgrade(database_url=database_url)

    with engine.begin() as reader:
        reader.exec_driver_sql("SELECT * FROM alert_check")
        with pytest.raises(DatabaseUnavailable, match="Lock wait timeout exceeded"):
            downgrade(database_url=database_url, revision=FIRST)

    assert _revision(engine) == HEAD


def test_a_database_that_is_there_already_stays_as_it_is(database_url: str, engine: sa.Engine) -> None:
    upgrade(database_url=database_url)
    revision = _revision(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO queue_sample (at, visible, in_flight, dead_letters) "
            "VALUES ('2026-11-01 00:00:00.000000', 1, 2, 3)"
        )

    upgrade(database_url=database_url)

    assert _revision(engine) == revision is not None
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT visible FROM queue_sample").scalar() == 1


@pytest.mark.parametrize("database_url", ["mariadb"], indirect=True)
def test_on_mariadb_text_is_utf8mb4_and_keys_are_compared_byte_by_byte(
    database_url: str, engine: sa.Engine
) -> None:
    upgrade(database_url=database_url)

    with engine.connect() as connection:
        columns = connection.exec_driver_sql(
            "SELECT table_name, column_name, character_set_name, collation_name "
            "FROM information_schema.columns "
            "WHERE table_schema = DATABASE() AND character_set_name IS NOT NULL "
            "AND table_name <> 'alembic_version'"
        ).all()
    keys = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, sa.String)
        and (column.primary_key or column.foreign_keys or column.unique or _is_in_a_key(column))
    }

    assert {charset for _, _, charset, _ in columns} == {"utf8mb4"}
    assert keys <= {(table, column) for table, column, _, collation in columns if collation == "utf8mb4_bin"}


def _is_in_a_key(column: sa.Column[object]) -> bool:
    unique = [one for one in column.table.constraints if isinstance(one, sa.UniqueConstraint)]
    in_unique = {part.name for one in unique for part in one.columns}
    return column.name in in_unique | {part.name for one in column.table.indexes for part in one.columns}


@pytest.mark.parametrize("database_url", ["mariadb"], indirect=True)
def test_on_mariadb_moments_keep_their_microseconds(database_url: str, engine: sa.Engine) -> None:
    upgrade(database_url=database_url)

    with engine.connect() as connection:
        kinds = connection.exec_driver_sql(
            "SELECT DISTINCT column_type FROM information_schema.columns "
            "WHERE table_schema = DATABASE() AND data_type = 'datetime'"
        ).scalars()

        assert list(kinds) == ["datetime(6)"]
