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


class UnknownRevision(Exception):
    """There is no migration of this name here."""


def upgrade(*, database_url: str, revision: str = "head") -> None:
    """Migrate forward to ``revision``; a database that is there already stays as it is.

    A SQLite file is made, with its folder, where there is none.

    Raises:
        DatabaseUnavailable: the database was not reached, or refused.
    """
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    with errors_told_apart():
        command.upgrade(_config(database_url), revision)


def downgrade(*, database_url: str, revision: str) -> None:
    """Migrate back to ``revision``; ``base`` drops every table.

    Raises:
        DatabaseUnavailable: the database was not reached, or refused.
    """
    with errors_told_apart():
        command.downgrade(_config(database_url), revision)


def is_known(revision: str | None) -> bool:
    """Whether there is a migration of this name."""
    return revision in [script.revision for script in _scripts().walk_revisions()]


def find_way_back(*, database_url: str, revision: str) -> list[str]:
    """The migrations that would be undone on the way to ``revision``, the newest first; none on the way forward.

    Raises:
        UnknownRevision: there is no such revision, or the database is at one that this code does not know.
        DatabaseUnavailable: the database was not reached.
    """
    newest_first = [script.revision for script in _scripts().walk_revisions()]
    wanted = newest_first[0] if revision == "head" else revision
    there = _get_revision(database_url)
    for one in (wanted, there or wanted):
        if one not in newest_first:
            whose = "the database is at" if one == there else "there is no"
            known = ", ".join(reversed(newest_first))
            raise UnknownRevision(f"{whose} revision {one}; this version knows {known}")
    return newest_first[newest_first.index(there) : newest_first.index(wanted)] if there else []


def describe_pending(*, database_url: str) -> str | None:
    """What keeps the database from being up to date; None where nothing does.

    Raises:
        DatabaseUnavailable: it was not reached.
    """
    there, wanted = _get_revision(database_url), _scripts().get_current_head()
    return None if there == wanted else f"the tables are at {there or 'nothing'}, this version wants {wanted}"


def _get_revision(database_url: str) -> str | None:
    engine = make_engine(database_url=database_url, connections=1)
    try:
        with errors_told_apart(), engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS))


def _config(database_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = make_engine(database_url=database_url, connections=2, changes_tables=True)
    return config
