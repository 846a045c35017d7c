"""``factoauto up`` as its user meets it: real processes, free ports, data in a temporary folder."""

import os
import signal
import socket
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.servers.process import is_gone
from tests.servers.shop import STOP_SECONDS, Shop
from tests.servers.waiting import wait_until

SOLD = "판매완료"
OUT_OF_STOCK = "재고부족, 제품 생산 요청!"
RESTART_SECONDS = 30
ORPHAN_SECONDS = 5


@pytest.fixture
def make_shop(tmp_path: Path) -> Iterator[Callable[[], Shop]]:
    shops: list[Shop] = []

    def make() -> Shop:
        shops.append(Shop(folder=tmp_path / f"var-{len(shops)}"))
        shops[-1].environment["FACTOAUTO_LEAD_TIME_SECONDS"] = "0.2"
        return shops[-1]

    yield make
    for shop in shops:
        if hasattr(shop, "process"):
            shop.stop()


@pytest.fixture
def shop(make_shop: Callable[[], Shop]) -> Shop:
    """A shop that runs."""
    shop = make_shop()
    shop.start()
    return shop


def empty_the_shelf(shop: Shop) -> None:
    answers = [shop.buy() for _ in range(shop.product()["on_hand"] + 1)]
    assert answers == [SOLD] * (len(answers) - 1) + [OUT_OF_STOCK]


def await_delivery(shop: Shop) -> None:
    wait_until(lambda: shop.product()["on_hand"] > 0, seconds=60, what="the shelf to be filled")


def test_one_command_opens_a_shop_whose_shelf_fills_itself(shop: Shop) -> None:
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


def test_secrets_are_their_owners_and_appear_nowhere_else(shop: Shop) -> None:
    secrets = {name: (shop.folder / name).read_text().strip() for name in ("callback_secrets", "operator_token")}

    assert stat.S_IMODE(shop.folder.stat().st_mode) == 0o700
    seen = shop.process.output + (shop.folder / "supervisord.conf").read_text()
    seen += "".join(" ".join([*process.cmdline(), *process.environ().values()]) for process in shop.processes())
    for name, secret in secrets.items():
        assert stat.S_IMODE((shop.folder / name).stat().st_mode) == 0o600
        assert secret not in seen


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda n: n.name)
def test_a_signal_ends_everything_in_time(shop: Shop, number: signal.Signals) -> None:
    processes = shop.processes()

    shop.process.send_signal(number)

    assert shop.process.wait(seconds=STOP_SECONDS) == 0
    assert [process for process in processes if not is_gone(process.pid)] == []
    assert "stopped" in shop.process.output.splitlines()[-1]


def test_a_program_that_will_not_stop_is_killed_in_time(shop: Shop) -> None:
    processes = shop.processes()
    shop.process_of("backend.entrypoints.worker").suspend()

    shop.process.send_signal(signal.SIGTERM)

    assert shop.process.wait(seconds=STOP_SECONDS) == 0
    assert [process for process in processes if not is_gone(process.pid)] == []


def test_nothing_outlives_a_killed_up(shop: Shop) -> None:
    processes = shop.processes()

    os.kill(shop.process.pid, signal.SIGKILL)

    wait_until(
        lambda: all(is_gone(process.pid) for process in processes),
        seconds=ORPHAN_SECONDS,
        what="every process to end",
    )


@pytest.mark.parametrize(
    ("module", "server", "path"),
    [("backend.entrypoints.serve", "BACKEND", "/readyz"), ("backend.entrypoints.local_aws", "AWS", "/ready")],
    ids=["backend", "local-aws"],
)
def test_a_killed_server_serves_again(shop: Shop, module: str, server: str, path: str) -> None:
    master = shop.process_of(module)
    workers = master.children()

    master.kill()

    wait_until(lambda: is_gone(master.pid), seconds=RESTART_SECONDS, what="the server to die")
    wait_until(lambda: shop.is_ready(server, path), seconds=RESTART_SECONDS, what="the server to answer again")
    assert [worker for worker in workers if not is_gone(worker.pid)] == []
    assert "ended (terminated by SIGKILL): starting it again" in shop.process.output
    empty_the_shelf(shop)
    await_delivery(shop)


def test_a_second_start_keeps_the_stock_and_the_secrets(shop: Shop) -> None:
    assert shop.buy() == SOLD
    left, token = shop.product()["on_hand"], (shop.folder / "operator_token").read_text()
    shop.stop()

    shop.start()

    assert shop.product()["on_hand"] == left == 9
    assert (shop.folder / "operator_token").read_text() == token


def test_a_shop_that_runs_already_is_left_alone(shop: Shop, make_shop: Callable[[], Shop]) -> None:
    second = make_shop()
    second.folder = shop.folder
    second.launch()

    assert second.process.wait(seconds=RESTART_SECONDS) == 2

    assert "is running already" in second.process.output
    assert shop.buy() == SOLD


def test_a_port_in_use_is_named_before_anything_starts(make_shop: Callable[[], Shop]) -> None:
    shop = make_shop()
    with socket.create_server(("127.0.0.1", shop.port("FACTORY"))):
        shop.launch()
        assert shop.process.wait(seconds=RESTART_SECONDS) == 2

    assert shop.process.output == (
        f"factoauto: port {shop.port('FACTORY')} for factory is in use:"
        " free it, or choose another with FACTOAUTO_FACTORY_PORT\n"
    )
    assert not (shop.folder / "factoauto.db").exists()


def test_a_database_that_is_not_there_is_named(make_shop: Callable[[], Shop]) -> None:
    shop = make_shop()
    shop.environment["FACTOAUTO_DATABASE_URL"] = "mysql+pymysql://nobody:secret@127.0.0.1:1/none"
    shop.launch()

    assert shop.process.wait(seconds=RESTART_SECONDS) == 2

    assert "FACTOAUTO_DATABASE_URL" in shop.process.output
    assert "secret" not in shop.process.output


def test_the_leash_itself_may_die(shop: Shop) -> None:
    (leash,) = [child for child in psutil.Process(shop.process.pid).children() if child.name() == "sh"]

    leash.kill()
    shop.process_of("backend.entrypoints.worker").kill()

    wait_until(
        lambda: "worker ended (terminated by SIGKILL)" in shop.process.output,
        seconds=RESTART_SECONDS,
        what="the death of the worker to be told",
    )
    empty_the_shelf(shop)
    await_delivery(shop)
