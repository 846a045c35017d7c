"""``factoauto up`` as its user meets it: real processes, free ports, data in a temporary folder."""

import os
import signal
import socket
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.servers.process import is_gone
from tests.servers.shop import END_SECONDS, Shop
from tests.servers.waiting import wait_until

SOLD = "판매완료"
OUT_OF_STOCK = "재고부족, 제품 생산 요청!"
RESTART_SECONDS = 30


def configured(folder: Path) -> Shop:
    shop = Shop(folder=folder)
    shop.environment["FACTOAUTO_LEAD_TIME_SECONDS"] = "0.2"
    return shop


@pytest.fixture(scope="module")
def shared_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The shop that the tests share, each of which may end it."""
    shop = configured(tmp_path_factory.mktemp("shop") / "var")
    yield shop
    shop.stop()


@pytest.fixture
def running_shop(shared_shop: Shop) -> Shop:
    """That shop, running: on the same data when a test before ended it."""
    if not shared_shop.is_running:
        shared_shop.start()
    return shared_shop


@pytest.fixture
def closed_shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop that has never been started."""
    shop = configured(tmp_path / "var")
    yield shop
    shop.stop()


def empty_the_shelf(shop: Shop) -> None:
    answers = [shop.buy() for _ in range(shop.product()["on_hand"] + 1)]
    assert answers == [SOLD] * (len(answers) - 1) + [OUT_OF_STOCK]


def await_delivery(shop: Shop) -> None:
    wait_until(lambda: shop.product()["on_hand"] > 0, seconds=60, what="the shelf to be filled")


def stop_with(shop: Shop, number: signal.Signals) -> None:
    """Send the signal, and see everything end."""
    processes = shop.processes()

    shop.process.send_signal(number)

    assert shop.process.wait(seconds=END_SECONDS) == 0
    assert [process for process in processes if not is_gone(process.pid)] == []
    assert shop.process.output.splitlines()[-1].endswith("│ stopped")


def test_one_command_opens_a_shop_whose_shelf_fills_itself(running_shop: Shop) -> None:
    shop = running_shop
    table = shop.process.output
    for address in (shop.url, f"{shop.url}/docs", f"http://127.0.0.1:{shop.port('FACTORY')}"):
        assert address in table
    assert f"curl -X POST {shop.url}/send" in table
    for path in ("/readyz", "/docs"):
        assert shop.is_ready("BACKEND", path)
        assert shop.is_ready("FACTORY", path)

    empty_the_shelf(shop)
    await_delivery(shop)

    assert shop.product()["on_hand"] == 10


def test_secrets_are_their_owners_and_appear_nowhere_else(running_shop: Shop) -> None:
    folder = running_shop.folder
    secrets = {name: (folder / name).read_text().strip() for name in ("callback_secrets", "operator_token")}

    seen = running_shop.process.output + (folder / "supervisord.conf").read_text()
    for process in running_shop.processes():
        seen += " ".join([*process.cmdline(), *process.environ().values()])

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name, secret in secrets.items():
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
        assert secret not in seen


def test_a_shop_that_runs_already_is_left_alone(running_shop: Shop, closed_shop: Shop) -> None:
    closed_shop.environment["FACTOAUTO_VAR_DIR"] = str(running_shop.folder)
    closed_shop.launch()

    assert closed_shop.process.wait(seconds=RESTART_SECONDS) == 2

    assert "is running already" in closed_shop.process.output
    assert running_shop.is_ready("BACKEND", "/readyz")


@pytest.mark.parametrize(
    ("module", "server", "path"),
    [("backend.entrypoints.serve", "BACKEND", "/readyz"), ("backend.entrypoints.local_aws", "AWS", "/ready")],
    ids=["backend", "local-aws"],
)
def test_a_killed_server_serves_again(running_shop: Shop, module: str, server: str, path: str) -> None:
    shop = running_shop
    master = shop.process_of(module)
    workers = master.children()

    master.kill()

    # Its workers too, which answer on until they notice: only then is it the next server that is ready.
    processes = [master, *workers]
    wait_until(
        lambda: all(is_gone(process.pid) for process in processes), seconds=RESTART_SECONDS, what="their end"
    )
    name = "backend" if server == "BACKEND" else "local-aws"
    wait_until(
        lambda: f"{name} ended (terminated by SIGKILL): starting it again" in shop.process.output,
        seconds=RESTART_SECONDS,
        what="the death of the server to be told",
    )
    wait_until(lambda: shop.is_ready(server, path), seconds=RESTART_SECONDS, what="the server to answer again")
    empty_the_shelf(shop)
    await_delivery(shop)


def test_the_shop_does_without_the_process_that_watches_it(running_shop: Shop) -> None:
    running_shop.process_of("while read -r groups").kill()
    running_shop.process_of("backend.entrypoints.worker").kill()

    wait_until(
        lambda: "worker ended (terminated by SIGKILL)" in running_shop.process.output,
        seconds=RESTART_SECONDS,
        what="the death of the worker to be told",
    )
    empty_the_shelf(running_shop)
    await_delivery(running_shop)


def test_a_second_start_keeps_the_stock_and_the_secrets(running_shop: Shop) -> None:
    stock = running_shop.product()["on_hand"]
    assert running_shop.buy() == SOLD
    token = (running_shop.folder / "operator_token").read_text()
    stop_with(running_shop, signal.SIGTERM)

    running_shop.start()

    assert running_shop.product()["on_hand"] == stock - 1
    assert (running_shop.folder / "operator_token").read_text() == token
    stop_with(running_shop, signal.SIGINT)


def test_a_program_that_will_not_stop_is_killed_in_time(running_shop: Shop) -> None:
    running_shop.process_of("backend.entrypoints.worker").suspend()

    stop_with(running_shop, signal.SIGHUP)


def test_nothing_outlives_an_up_that_is_killed(running_shop: Shop) -> None:
    commands = {process.pid: process.cmdline() for process in running_shop.processes()}

    os.kill(running_shop.process.pid, signal.SIGKILL)

    for pid, command in commands.items():
        wait_until(partial(is_gone, pid), seconds=END_SECONDS, what=f"the end of {command}")


def test_a_port_in_use_is_named_before_anything_starts(closed_shop: Shop) -> None:
    port = closed_shop.port("FACTORY")
    with socket.create_server(("127.0.0.1", port)):
        closed_shop.launch()
        assert closed_shop.process.wait(seconds=RESTART_SECONDS) == 2

    assert closed_shop.process.output == (
        f"factoauto: port {port} for factory is in use: free it, or choose another with FACTOAUTO_FACTORY_PORT\n"
    )
    assert not (closed_shop.folder / "factoauto.db").exists()


def test_a_database_that_is_not_there_is_named(closed_shop: Shop) -> None:
    closed_shop.environment["FACTOAUTO_DATABASE_URL"] = "mysql+pymysql://nobody:secret@127.0.0.1:1/none"
    closed_shop.launch()

    assert closed_shop.process.wait(seconds=RESTART_SECONDS) == 2

    assert "FACTOAUTO_DATABASE_URL" in closed_shop.process.output
    assert "secret" not in closed_shop.process.output
