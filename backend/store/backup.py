"""Copy a SQLite database while the shop sells, and put a copy back while it is shut.

SQLite's own backup interface does both (https://www.sqlite.org/backup.html): a copy is of one moment and keeps no
seller waiting, and what is put back is there whole or not at all, however the machine stops.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.pool import StaticPool

from backend.store.migrate import is_known
from backend.store.movements import Drift, list_drift
from backend.store.unit_of_work import Transaction

BUSY_SECONDS = 10


class BackupRefused(Exception):
    """Nothing was written; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What a database holds: how many products and lines of the ledger, and which shelves are not their sum."""

    products: int
    movements: int
    drifted: list[Drift]


def back_up(*, database_url: str, path: Path, overwrite: bool) -> Copied:
    """Copy the database to ``path``, for its owner only: as of one moment, there whole and checked or not at all.

    Raises:
        BackupRefused: there is such a file, the database is none of SQLite, or the copy is not sound.
    """
    source = _sqlite_file(database_url)
    if path.exists() and (not overwrite or path.samefile(source)):
        raise BackupRefused(f"{path} is there already: name another file, or say --overwrite")
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    try:
        draft.touch(mode=0o600, exist_ok=False)
        with _refused(source, draft), closing(_open(source)) as running, closing(_open(draft)) as copy:
            running.backup(copy)  # every page in one step: the copy is of one moment
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without others beside it
            copied = _examine(copy, path=source)
        draft.replace(path)
        _keep_name(path)
    finally:
        draft.unlink(missing_ok=True)
    return copied


def restore(*, database_url: str, path: Path, overwrite: bool) -> Copied:
    """Put a copy in the place of the database.

    Raises:
        BackupRefused: the copy is not sound or of another version, the shop is running, or its database holds
            something and ``overwrite`` does not say that it may go.
    """
    target = _sqlite_file(database_url, must_exist=False)
    if not path.is_file():
        raise BackupRefused(f"there is no file {path}")
    if target.exists() and path.samefile(target):
        raise BackupRefused(f"{path} is the database itself")
    if not target.exists():
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        target.touch(mode=0o600)
    with _refused(path, target), closing(_open(path, read_only=True)) as copy, closing(_open(target)) as database:
        _examine(copy, path=path)
        _shut_out_others(database, target)
        if not overwrite and database.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]:
            raise BackupRefused(f"{target} is not empty: move it away, or say --overwrite to lose what is in it")
        copy.backup(database)
        return _examine(database, path=target)


def _sqlite_file(database_url: str, *, must_exist: bool = True) -> Path:
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise BackupRefused("the database is not a SQLite file: docs/operations.md has the commands for MySQL")
    path = Path(url.database)
    if must_exist and not path.is_file():
        raise BackupRefused(f"there is no database {path}")
    return path


def _open(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    uri = f"{path.resolve().as_uri()}?mode={'ro' if read_only else 'rw'}"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)


def _shut_out_others(database: sqlite3.Connection, path: Path) -> None:
    """From now on nobody else opens it; SQLite refuses where anybody has."""
    try:
        database.execute("PRAGMA busy_timeout = 0")
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        database.execute("PRAGMA journal_mode = DELETE")
        database.execute("BEGIN EXCLUSIVE")
        database.execute("COMMIT")
    except sqlite3.OperationalError as error:
        raise BackupRefused(f"{path} is in use ({error}): stop the shop first, every program of it") from error


def _examine(database: sqlite3.Connection, *, path: Path) -> Copied:
    """What is in it, if it is sound and of a version that this program knows."""
    faults = [row[0] for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"]
    faults += [
        f"{row[0]} names a {row[2]} that is not there" for row in database.execute("PRAGMA foreign_key_check")
    ]
    if faults:
        raise BackupRefused(f"{path} is damaged: {faults[0]}")
    [version] = database.execute("SELECT version_num FROM alembic_version").fetchone() or [None]
    if not is_known(version):
        raise BackupRefused(f"{path} is of version {version}, which this program does not know")
    [products] = database.execute("SELECT COUNT(*) FROM product").fetchone()
    [movements] = database.execute("SELECT COUNT(*) FROM stock_movement").fetchone()
    engine = create_engine("sqlite://", creator=lambda: database, poolclass=StaticPool)
    with engine.connect() as connection:
        return Copied(products=products, movements=movements, drifted=list_drift(Transaction(connection)))


@contextmanager
def _refused(*paths: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise BackupRefused(f"{' or '.join(map(str, paths))}: {error}") from error


def _keep_name(path: Path) -> None:
    """Have the folder itself on the disk: without it a power cut may take a new name back."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
