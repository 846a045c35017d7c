"""A throw-away MariaDB server: its own data, its own port, no trace on the machine."""

import contextlib
import getpass
import itertools
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from tests.servers.ports import free_port
from tests.servers.process import ServerProcess
from tests.servers.waiting import wait_until

_USER = "factoauto"
_PASSWORD = "only-for-tests"
_CREATE_USER = (
    f"CREATE USER IF NOT EXISTS '{_USER}'@'127.0.0.1' IDENTIFIED BY '{_PASSWORD}';\n"
    f"GRANT ALL ON *.* TO '{_USER}'@'127.0.0.1' WITH GRANT OPTION;\n"
)
_OPTIONS = (
    "--bind-address=127.0.0.1",
    "--skip-name-resolve",
    "--character-set-server=utf8mb4",
    "--collation-server=utf8mb4_unicode_ci",
    "--innodb-flush-log-at-trx-commit=1",
    "--innodb-buffer-pool-size=64M",
    "--innodb-log-file-size=32M",
    "--innodb-fast-shutdown=2",  # leaves the rest to recovery, which reads the log: nothing committed is lost
    "--max-connections=400",
)
_MEMORY_BYTES = 2 * 1024**3
_INSTALL = """\
the tests need a MariaDB server, and found no {program}. Install it and run them again:
    Debian, Ubuntu:  apt-get install --no-install-recommends mariadb-server
    Fedora:          dnf install mariadb-server
    macOS:           brew install mariadb
Nothing of an installed server is used but its programs: no need to start or configure it."""


@dataclass
class MariaDB:
    """A running server. Made by ``MariaDB.start()``, ended by ``stop()``."""

    folder: Path
    port: int
    process: ServerProcess
    options: Sequence[str] = ()
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _definitions: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def start(cls, *, options: Sequence[str] = (), parent: Path | None = None) -> "MariaDB":
        """Install a server's data into a temporary folder and start it; returns when it answers.

        Args:
            options: more of them, for the server's command line.
            parent: where the folder is made; the fastest place, which may be memory, unless given.
        """
        _program("mariadbd")
        folder = Path(tempfile.mkdtemp(prefix="factoauto-db-", dir=parent or _fastest_folder()))
        (folder / "init.sql").write_text(_CREATE_USER, encoding="utf-8")
        _install_data(folder=folder)
        port = free_port()
        process = _start_process(folder=folder, port=port, options=options)
        server = cls(folder=folder, port=port, process=process, options=options)
        server._wait_until_ready()
        return server

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database on this server."""
        return f"mysql+pymysql://{_USER}:{_PASSWORD}@127.0.0.1:{self.port}/{database}?charset=utf8mb4"

    def create_database(self) -> str:
        """Make a fresh, empty utf8mb4 database; returns its SQLAlchemy URL."""
        database = f"test_{next(self._numbers)}"
        self.query(f"CREATE DATABASE {database} CHARACTER SET utf8mb4")
        return self.url(database)

    def copy_tables(self, *, source: str, target: str) -> None:
        """Make the tables of one migrated database in another, which is empty; both are named by their URL."""
        names = (sqlalchemy.make_url(source).database or "", sqlalchemy.make_url(target).database or "")
        if names[0] not in self._definitions:
            tables = [name for (name,) in self.query(f"SHOW TABLES FROM {names[0]}")]
            self._definitions[names[0]] = [
                self.query(f"SHOW CREATE TABLE {names[0]}.{table}")[0][1] for table in tables
            ]
        copy_revision = f"INSERT INTO alembic_version SELECT * FROM {names[0]}.alembic_version"  # noqa: S608 - our own names
        self.query(
            f"USE {names[1]}",
            "SET foreign_key_checks = 0",
            *self._definitions[names[0]],
            copy_revision,
            "SET foreign_key_checks = 1",
        )

    def drop_database(self, url: str) -> None:
        """Delete a database and give its memory back; one that is still in use stays until the server's end."""
        with contextlib.suppress(sqlalchemy.exc.OperationalError):
            self.query(
                "SET lock_wait_timeout = 1", "USE mysql", f"DROP DATABASE {sqlalchemy.make_url(url).database}"
            )

    def query(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run statements on one connection, outside the databases of tests; returns the last one's rows.

        Raises:
            sqlalchemy.exc.OperationalError: the server does not answer.
        """
        rows: list[tuple[Any, ...]] = []
        with self._engine.connect() as connection:
            for statement in statements:
                result = connection.exec_driver_sql(statement.replace("%", "%%"))
                rows = [tuple(row) for row in result] if result.returns_rows else []
        return rows

    @cached_property
    def _engine(self) -> sqlalchemy.Engine:
        return sqlalchemy.create_engine(self.url(""), pool_pre_ping=True, isolation_level="AUTOCOMMIT")

    def kill(self) -> None:
        """End the server as a power cut would. ``restart()`` brings it back with what was committed."""
        self.process.kill()

    def restart(self) -> None:
        """Stop the server if it runs, and start it on the same data and port; returns when it answers."""
        self.process.stop()
        self.process = _start_process(folder=self.folder, port=self.port, options=self.options)
        self._wait_until_ready()

    def stop(self) -> None:
        """End the server and delete its data."""
        self._engine.dispose()
        self.process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _wait_until_ready(self) -> None:
        try:
            wait_until(self._answers, seconds=30, what=f"MariaDB to answer on port {self.port}")
        except BaseException:
            self.process.stop()
            raise

    def _answers(self) -> bool:
        if self.process.exit_code is not None:
            raise AssertionError(f"MariaDB ended with {self.process.exit_code}:\n{self.process.output}")
        try:
            self.query("SELECT 1")
        except sqlalchemy.exc.OperationalError:
            return False
        return True


def _program(name: str) -> str:
    # Debian puts the server into a folder that is not on the PATH of everybody.
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if path is None:
        pytest.fail(_INSTALL.format(program=name), pytrace=False)
    return path


def _fastest_folder() -> str | None:
    # In memory a commit need not wait for a disk. A killed server finds everything there again all the same.
    memory = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a folder of our own in it
    is_big = memory.is_dir() and shutil.disk_usage(memory).free > _MEMORY_BYTES
    return str(memory) if is_big else None


def _install_data(*, folder: Path) -> None:
    finished = subprocess.run(
        [
            _program("mariadb-install-db"),
            "--no-defaults",
            f"--user={getpass.getuser()}",
            f"--datadir={folder / 'data'}",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if finished.returncode != 0:
        pytest.fail(f"mariadb-install-db: {finished.stdout.decode(errors='replace')}", pytrace=False)


def _start_process(*, folder: Path, port: int, options: Sequence[str]) -> ServerProcess:
    return ServerProcess(
        [
            _program("mariadbd"),
            "--no-defaults",
            f"--user={getpass.getuser()}",
            f"--datadir={folder / 'data'}",
            f"--socket={folder / 's'}",
            f"--pid-file={folder / 'pid'}",
            f"--init-file={folder / 'init.sql'}",
            f"--port={port}",
            *_OPTIONS,
            *options,
        ],
        log=folder / "log",
        folder_of_its_own=folder,
    )
