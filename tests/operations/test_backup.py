"""Backups of the SQLite file, made while it is sold from, and put back."""

import sqlite3
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from backend.store.engine import make_engine
from backend.store.unit_of_work import Database
from tests.integration.books import Books
from tests.integration.till import DONUT, Till
from tests.operations.conftest import Run
from tests.servers.waiting import wait_until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PATIENCE_SECONDS = 60
SOUND = "1 products, 1 stock movements, sound; every ledger adds up"


@pytest.fixture
def engine(migrated_database_url: str) -> Iterator[sa.Engine]:
    """The engine of a running shop."""
    made = make_engine(database_url=migrated_database_url, connections=8)
    yield made
    made.dispose()


@pytest.fixture
def till(engine: sa.Engine) -> Till:
    """The counter of a running shop."""
    return Till(Database(engine))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the backup goes."""
    return tmp_path / "copies" / "backup.db"


@pytest.fixture(autouse=True)
def folder(file: Path) -> None:
    """Its folder."""
    file.parent.mkdir()


def _books(path: str | Path) -> Books:
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool)
    try:
        return Books(engine)
    finally:
        engine.dispose()


def _path(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def test_a_copy_made_while_customers_buy_is_sound_and_has_what_was_answered_before(
    run: Run, till: Till, file: Path
) -> None:
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
        result = run("backup", str(file))
        closing_time.set()
        for one in buying:
            one.result()

    assert result.exit_code == 0, result.output
    assert "sound; every ledger adds up" in result.output
    copied = _books(file)
    bought = {row["id"] for row in copied["purchase"]}
    assert before <= bought <= set(answered)
    assert copied.faults() == []


def test_a_copy_is_one_file_for_its_owner_only(run: Run, till: Till, file: Path) -> None:
    till.open(on_hand=3)

    result = run("backup", str(file))

    assert result.output == f"{file}: {SOUND}\n"
    assert [one.name for one in file.parent.iterdir()] == ["backup.db"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_file_that_is_there_is_replaced_only_when_that_is_asked_for(run: Run, till: Till, file: Path) -> None:
    till.open(on_hand=3)
    run("backup", str(file))
    till.buy()

    refused = run("backup", str(file))
    before = _books(file).on_hand(DONUT)
    replaced = run("backup", str(file), "--overwrite")

    assert (refused.exit_code, replaced.exit_code) == (2, 0)
    assert "is there already" in refused.stderr
    assert (before, _books(file).on_hand(DONUT)) == (3, 2)


def test_a_ledger_that_does_not_add_up_is_copied_and_said(
    run: Run, till: Till, engine: sa.Engine, file: Path
) -> None:
    till.open(on_hand=3)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE product SET on_hand = 4"))

    result = run("backup", str(file))

    assert result.exit_code == 1
    assert "1 products drifted, see `factoauto reconcile`" in result.output
    assert _books(file).on_hand(DONUT) == 4


def test_a_copy_that_is_not_sound_never_gets_its_name(
    run: Run, till: Till, file: Path, migrated_database_url: str
) -> None:
    till.open(on_hand=3)
    run("backup", str(file))
    with closing(sqlite3.connect(_path(migrated_database_url))) as careless:  # without PRAGMA foreign_keys
        careless.execute("UPDATE stock_movement SET sku = 'NOBODYS'")
        careless.commit()

    result = run("backup", str(file), "--overwrite")

    assert result.exit_code == 2
    assert "is damaged: stock_movement names a product that is not there" in result.stderr
    assert _books(file)["stock_movement"][0]["sku"] == DONUT
    assert [one.name for one in file.parent.iterdir()] == ["backup.db"]


def test_what_is_put_back_is_the_shop_of_then(
    run: Run, till: Till, engine: sa.Engine, file: Path, migrated_database_url: str
) -> None:
    till.open(on_hand=3)
    run("backup", str(file))
    then = _books(file)
    till.buy()
    engine.dispose()

    refused = run("restore", str(file))
    kept = _books(_path(migrated_database_url)).on_hand(DONUT)
    restored = run("restore", str(file), "--overwrite")

    assert (refused.exit_code, restored.exit_code) == (2, 0)
    assert "is not empty: move it away, or say --overwrite" in refused.stderr
    assert kept == 2
    assert restored.output.startswith(f"restored {file}: {SOUND}\n")
    assert _books(_path(migrated_database_url)) == then
    assert till.buy().purchase.sku == DONUT, "and it sells"


def test_a_new_machine_is_given_the_shop(
    run: Run, till: Till, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.open(on_hand=3)
    run("backup", str(file))
    there = tmp_path / "new" / "shop.db"
    monkeypatch.setenv("FACTOAUTO_DATABASE_URL", f"sqlite:///{there}")

    result = run("restore", str(file))

    assert result.exit_code == 0, result.stderr
    assert stat.S_IMODE(there.stat().st_mode) == 0o600
    assert _books(there) == _books(file)


def test_a_shop_that_is_running_is_never_written_over(run: Run, till: Till, engine: sa.Engine, file: Path) -> None:
    till.open(on_hand=3)
    run("backup", str(file))

    with engine.connect():
        refused = run("restore", str(file), "--overwrite")

    assert refused.exit_code == 2
    assert "is in use (database is locked): stop the shop first" in refused.stderr
    assert till.buy().purchase.sku == DONUT


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("garbage", "file is not a database"),
        ("torn", "damaged|malformed"),
        ("not ours", "no such table: alembic_version"),
        ("newer", "is of version 9999, which this program does not know"),
        ("missing", "there is no file"),
    ],
)
def test_what_is_no_sound_backup_is_not_put_back(
    run: Run, till: Till, engine: sa.Engine, file: Path, spoil: str, said: str
) -> None:
    till.open(on_hand=3)
    run("backup", str(file))
    engine.dispose()
    _spoil(file, spoil)

    result = run("restore", str(file), "--overwrite")

    assert result.exit_code == 2
    assert any(part in result.stderr for part in said.split("|")), result.stderr
    assert till.buy().purchase.sku == DONUT, "the database is as it was"


def _spoil(file: Path, how: str) -> None:
    if how == "garbage":
        file.write_bytes(b"not a database at all" * 500)
    elif how == "torn":
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    elif how == "missing":
        file.unlink()
    elif how == "not ours":
        file.unlink()
        with closing(sqlite3.connect(file)) as other:
            other.execute("CREATE TABLE recipe (name)")
    else:
        with closing(sqlite3.connect(file)) as newer:
            newer.execute("UPDATE alembic_version SET version_num = '9999'")
            newer.commit()


def test_the_backup_of_an_older_version_says_what_to_run(
    run: Run, till: Till, engine: sa.Engine, file: Path
) -> None:
    till.open(on_hand=3)
    run("migrate", "--to", "0001", "--yes")
    run("backup", str(file))
    engine.dispose()

    result = run("restore", str(file), "--overwrite")

    assert "the tables are at 0001, this version wants 0002: run `factoauto migrate`" in result.output
    assert run("migrate").output == "the database is up to date\n"
    assert till.buy().purchase.sku == DONUT


def test_the_database_is_not_backed_up_onto_itself(run: Run, till: Till, migrated_database_url: str) -> None:
    till.open(on_hand=3)
    database = str(_path(migrated_database_url))

    onto, from_itself = run("backup", database, "--overwrite"), run("restore", database, "--overwrite")

    assert (onto.exit_code, from_itself.exit_code) == (2, 2)
    assert "is the database itself" in from_itself.stderr
    assert till.buy().purchase.sku == DONUT
