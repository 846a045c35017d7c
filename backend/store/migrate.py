"""Bring a database to the tables that this code expects."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, inspect, text
from sqlalchemy.engine import make_url

from backend.store.engine import make_engine

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


def current_revision(engine: Engine) -> str | None:
    """The revision that the database is at; None where nothing was ever migrated."""
    if not inspect(engine).has_table("alembic_version"):
        return None
    with engine.connect() as connection:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _config(database_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = make_engine(database_url=database_url, connections=2)
    return config
