"""The commands of those who look after the shop, on SQLite and on MariaDB."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from backend.bootstrap import Parts
from backend.domain.time_budget import UNLIMITED
from backend.entrypoints.alerting import watch_and_tell
from backend.settings import load
from tests.integration.fake_receiver import SECRET
from tests.operations.conftest import Run
from tests.servers.mariadb import MariaDB

NOBODY = "http://127.0.0.1:9"
MOVED = "SELECT sku, quantity, kind, actor, reason FROM stock_movement ORDER BY id DESC LIMIT 1"


def test_every_command_explains_itself(run: Run) -> None:
    commands = [
        line.split()[0] for line in run("--help").output.split("Commands:")[1].splitlines() if line.strip()
    ]

    explained = {command: run(command, "--help") for command in commands}

    assert {"up", "worker", "reconcile", "redrive", "status", "doctor", "export", "import"} <= set(commands)
    for command, result in explained.items():
        assert result.exit_code == 0, command
        assert len(result.output.split("Usage:")[1].splitlines()[2].strip()) > 10, command


def test_a_wrong_setting_is_one_line_that_names_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTOAUTO_SWEEP_SECONDS", "soon")

    result = run("status")

    assert result.exit_code == 2
    [said] = result.stderr.splitlines()
    assert said.startswith("factoauto: FACTOAUTO_SWEEP_SECONDS: Input should be a valid number")
    assert said.endswith("(it is 'soon')")


def test_a_database_that_is_not_there_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTOAUTO_DATABASE_URL", "mysql+pymysql://nobody@127.0.0.1:9/nothing")

    result = run("reconcile")

    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert "127.0.0.1" in result.stderr


@pytest.mark.parametrize("command", ["migrate", "seed"])
def test_a_login_that_is_refused_is_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, mariadb: MariaDB, command: str
) -> None:
    url = sa.make_url(mariadb.create_database()).set(password="nobody's")
    monkeypatch.setenv("FACTOAUTO_DATABASE_URL", url.render_as_string(hide_password=False))

    refused = run(command)

    assert refused.exit_code == 2
    assert "Access denied" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_the_demo_shop_is_loaded_once(run: Run) -> None:
    first, second = run("seed"), run("seed")

    assert first.output == "the demo shop is loaded\n"
    assert second.output == "the shop has products: nothing was changed\n"


def test_reconcile_finds_a_ledger_that_does_not_add_up(run: Run, connection: sa.Connection) -> None:
    assert run("reconcile").output == "every ledger adds up\n"
    connection.execute(sa.text("UPDATE product SET on_hand = 13 WHERE sku = 'CP-502101'"))

    result = run("reconcile")

    assert result.exit_code == 1
    assert result.output.splitlines() == ["CP-502101: on_hand 13, ledger 10", "1 products drifted"]
    assert connection.execute(sa.text(MOVED)).one().reason == "opening stock", "looking changes nothing"


def test_reconcile_repairs_only_by_adding_an_adjustment(run: Run, connection: sa.Connection) -> None:
    connection.execute(sa.text("UPDATE product SET on_hand = 7 WHERE sku = 'CP-502101'"))

    repaired = run("reconcile", "--repair")

    assert repaired.exit_code == 0
    assert connection.execute(sa.text(MOVED)).one() == (
        "CP-502101",
        -3,
        "adjustment",
        "cli",
        "reconcile: the ledger did not add up to the shelf",
    )
    assert run("reconcile").output == "every ledger adds up\n"


def test_status_is_one_screen(run: Run, demo_shop: None) -> None:
    lines = run("status").output.splitlines()

    assert lines[1].split() == ["CP-502101", "10", "0", "-", "0", "0", "in_stock"]
    assert lines[-4:] == ["", "queue: not reached", "drift: none", "alerts: none"]
    assert "no open orders" in lines
    assert len(lines) < 24


def test_status_shows_what_is_wrong_and_that_nobody_could_be_told(run: Run, connection: sa.Connection) -> None:
    connection.execute(sa.text("UPDATE product SET on_hand = 0 WHERE sku = 'CP-502101'"))
    parts = Parts(load().model_copy(update={"alert_webhook_url": NOBODY, "alert_webhook_secret": (SECRET,)}))
    watch_and_tell(parts, budget=UNLIMITED)
    parts.database.dispose()

    lines = run("status").output.splitlines()

    assert lines[-3].endswith("UTC: CP-502101 is out of stock")
    assert lines[-2].endswith("UTC: CP-502101 is not what its ledger says (on_hand 0, ledger 10)")
    assert lines[-1] == "alerts not delivered: 1, the webhook was not reached: connection refused"


def test_doctor_says_for_each_part_that_it_is_well_or_what_to_do(run: Run, demo_shop: None) -> None:
    result = run("doctor")

    found = {line.split()[1]: line for line in result.output.splitlines()}
    assert result.exit_code == 1
    assert found["settings"] == "ok    settings  1 callback secrets, 1 operator tokens"
    assert found["database"] == "ok    database  reached, and up to date"
    assert found["queue"].startswith("FAIL")
    assert "AWS_ENDPOINT_URL" in found["queue"]
    assert found["factory"].startswith("FAIL")
    assert "check FACTOAUTO_FACTORY_URL" in found["factory"]
    assert found["clock"].startswith("FAIL")


def test_doctor_says_when_the_tables_are_of_another_version(run: Run, connection: sa.Connection) -> None:
    connection.execute(sa.text("UPDATE alembic_version SET version_num = '0000'"))

    result = run("doctor")

    assert "the tables are at 0000, this version wants" in result.output
    assert "run `factoauto migrate`" in result.output


def test_going_back_is_asked_about_and_forward_again_is_not(run: Run, demo_shop: None) -> None:
    asked = run("migrate", "--to", "0001")
    agreed = run("migrate", "--to", "0001", "--yes")
    forward = run("migrate")

    assert asked.exit_code == 1
    assert "Going back undoes 0002: the tables and columns they added go, with their data." in asked.output
    assert agreed.output == "the tables are at 0001, this version wants 0002\n"
    assert forward.output == "the database is up to date\n"
    assert len(run("export", "products").output.splitlines()) == 6


@pytest.mark.parametrize("revision", ["base", "0000", "1"])
def test_there_is_no_way_to_a_revision_that_is_none(run: Run, demo_shop: None, revision: str) -> None:
    result = run("migrate", "--to", revision, "--yes")

    assert result.exit_code == 1
    assert f"there is no revision {revision}; this version knows 0001, 0002" in result.stderr
    assert len(run("export", "products").output.splitlines()) == 6


def test_a_database_of_a_newer_version_is_left_alone(run: Run, connection: sa.Connection) -> None:
    connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    result = run("migrate")

    assert result.exit_code == 1
    assert "the database is at revision 9999; this version knows 0001, 0002" in result.stderr


def test_a_wrong_setting_is_shown_by_doctor_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTOAUTO_OPERATOR_TOKEN", "")

    assert "operators are refused until one is set" in run("doctor").output


def test_a_webhook_that_could_not_be_signed_for_is_no_surprise_at_night(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACTOAUTO_ALERT_WEBHOOK_URL", NOBODY)

    assert "without FACTOAUTO_ALERT_WEBHOOK_SECRET: see docs/operations.md" in run("doctor").output
    for program in ("up", "worker"):
        started = run(program)
        assert started.exit_code == 2
        assert started.stderr.startswith("factoauto: FACTOAUTO_ALERT_WEBHOOK_SECRET: is not set")


def test_products_go_out_and_in_again_unchanged(run: Run, demo_shop: None, tmp_path: Path) -> None:
    file = tmp_path / "products.csv"
    exported = run("export", "products").output
    file.write_text(exported, encoding="utf-8", newline="")

    imported = run("import", "products", str(file))

    assert exported.splitlines()[0] == (
        "sku,name,name_en,price,factory_id,on_hand,reorder_point,lot_size,archived"
    )
    assert imported.output == "5 products imported\n"
    assert run("export", "products").output == exported


def test_an_import_is_all_or_nothing_and_names_the_lines(run: Run, demo_shop: None, tmp_path: Path) -> None:
    file = tmp_path / "movements.csv"
    file.write_text(
        "sku,quantity,kind,reason\nCP-502101,3,adjustment,counted\nCP-9,1,return,x\nCP-502101,-99,adjustment,y\n",
        encoding="utf-8",
    )

    result = run("import", "movements", str(file))

    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "line 3: there is no product 'CP-9'",
        "line 4: there are only 13 units on the shelf",
        "nothing was imported",
    ]
    assert len(run("export", "movements", "CP-502101").output.splitlines()) == 2, "header and opening stock"


def test_redrive_says_that_the_queue_is_not_reached(run: Run, demo_shop: None) -> None:
    result = run("redrive")

    assert result.exit_code == 2
    assert result.stderr.startswith("factoauto: stock-dead-letter-queue:")


def test_the_demo_can_be_begun_anew(run: Run, connection: sa.Connection) -> None:
    connection.execute(sa.text("UPDATE product SET name = 'changed', on_hand = 1"))
    before = run("reset-demo", "--yes")

    assert before.output == "the demo shop is as on its first day\n"
    assert "CP-502101,부산도너츠" in run("export", "products").output
    assert run("reconcile").output == "every ledger adds up\n"


def test_nothing_is_deleted_unless_somebody_says_yes(run: Run, demo_shop: None) -> None:
    asked = run("reset-demo")

    assert asked.exit_code == 1
    assert "Delete every product" in asked.output
    assert len(run("export", "products").output.splitlines()) == 6
