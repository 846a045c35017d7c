"""The commands of docs/operations.md for MySQL and MariaDB, run as they stand there while customers buy."""

import re
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from backend.services.reconcile import find_drift
from backend.store.engine import make_engine
from backend.store.unit_of_work import Database
from tests.integration.books import Books
from tests.integration.till import Till
from tests.operations.conftest import Run
from tests.servers.mariadb import MariaDB
from tests.servers.waiting import wait_until

DOCUMENT = Path(__file__).parents[2] / "docs" / "operations.md"
MARK = "<!-- tests/operations/test_dump.py runs these lines. -->"
PATIENCE_SECONDS = 60


def documented_commands() -> list[str]:
    """The commands of each marked block."""
    text = DOCUMENT.read_text(encoding="utf-8")
    blocks = re.findall(rf"{re.escape(MARK)}\n```console\n(.*?)```", text, re.DOTALL)
    return ["\n".join(line.removeprefix("$ ") for line in block.splitlines()) for block in blocks]


@pytest.fixture
def shell(mariadb: MariaDB, tmp_path: Path) -> Path:
    """A home folder with the login in it; commands are run there."""
    url = make_url(mariadb.url("factoauto"))
    login = f"[client]\nhost={url.host}\nport={url.port}\nuser={url.username}\npassword={url.password}\n"
    (tmp_path / ".my.cnf").write_text(login, encoding="utf-8")
    return tmp_path


@pytest.fixture
def database_names(mariadb: MariaDB) -> Iterator[tuple[str, str]]:
    """The database of the document, made; and the one restored into, which the document makes."""
    mariadb.query("CREATE DATABASE factoauto CHARACTER SET utf8mb4")
    names = (mariadb.url("factoauto"), mariadb.url("factoauto_restored"))
    yield names
    for url in names:
        mariadb.drop_database(url)


def _run(commands: str, *, home: Path) -> None:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=home,
        env={"HOME": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_a_dump_made_while_customers_buy_is_restored_whole(
    database_names: tuple[str, str], shell: Path, fill_with_tables: object
) -> None:
    source, target = database_names
    fill_with_tables(source)  # type: ignore[operator]
    dump, restore = documented_commands()
    engine = make_engine(database_url=source, connections=8)
    till = Till(Database(engine))
    till.open(on_hand=100_000)
    answered: list[str] = []
    closing_time = threading.Event()

    def buy_on() -> None:
        while not closing_time.is_set():
            answered.append(till.buy().purchase.id)

    with ThreadPoolExecutor(4) as customers:
        buying = [customers.submit(buy_on) for _ in range(4)]
        wait_until(lambda: len(answered) >= 20, seconds=PATIENCE_SECONDS, what="some purchases")
        before = set(answered)
        _run(dump, home=shell)
        closing_time.set()
        for one in buying:
            one.result()
    engine.dispose()
    _run(restore, home=shell)

    restored = make_engine(database_url=target, connections=2)
    books = Books(restored)
    assert before <= {row["id"] for row in books["purchase"]} <= set(answered)
    assert books.faults() == []
    assert find_drift(database=Database(restored)) == []
    restored.dispose()
    assert (shell / "factoauto.sql").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("database_url", ["mariadb"], indirect=True)
def test_who_asks_for_a_backup_of_mysql_is_told_where_the_commands_are(
    run: Run, tmp_path: Path, database_url: str
) -> None:
    results = [run("backup", str(tmp_path / "copy.db")), run("restore", str(tmp_path / "copy.db"))]

    assert [result.exit_code for result in results] == [2, 2]
    for result in results:
        assert "docs/operations.md has the commands for MySQL" in result.stderr
        assert str(sa.make_url(database_url).password) not in result.stderr
