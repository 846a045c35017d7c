"""The migrations make the tables that the code expects, on SQLite and on MariaDB."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from backend.store.migrate import downgrade, upgrade
from backend.store.tables import metadata


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
