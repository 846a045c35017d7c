"""Bring a database to the tables that this code expects."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

from backend.store.engine import make_engine
from backend.store.unit_of_work import errors_told_apart

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(*, database_url: str, revision: str = "head") -> None:
    """Migrate forward to ``revision``; a database that is there already stays as it is.

    A SQLite file is made, with its folder, where there is none.
    """
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    command.upgrade(_config(database_url), revision)


def downgrade(*, database_url: str, revision: str) -> None:
    """Migrate back to ``revision``; ``base`` drops every table."""
    command.downgrade(_config(database_url), revision)


def describe_pending(*, database_url: str) -> str | None:
    """What keeps the database from being up to date; None where nothing does.

    Raises:
        DatabaseUnavailable: it was not reached.
    """
    engine = make_engine(database_url=database_url, connections=1)
    wanted = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    try:
        with errors_told_apart(), engine.connect() as connection:
            there = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    return None if there == wanted else f"the tables are at {there or 'nothing'}, this version wants {wanted}"


def _config(database_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = make_engine(database_url=database_url, connections=2)
    return config
