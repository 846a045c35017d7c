"""Who is stormed: each a server of its own, with a database of its own, and its own way to tell lost units."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
import urllib3

from tests.bench.ledger import LostUnits, check_books, check_storm
from tests.bench.shop import FULL_SHELF, PRODUCTS, BenchShop, draw_skus, sku_of
from tests.bench.slap import run_slap
from tests.bench.storm import Storm, Target, run_storm
from tests.servers.ports import free_port
from tests.servers.process import ServerProcess
from tests.servers.waiting import wait_until

ROOT = Path(__file__).parents[2]
NODE_LIBRARIES = "/usr/share/nodejs"  # where Debian puts them
_START_SECONDS = 60
_SLAP_TRIAL = 2000


@dataclass(frozen=True, kw_only=True)
class Result:
    """One measurement of one contender."""

    per_second: float
    p50_ms: float | None = None
    p99_ms: float | None = None
    note: str = ""


Measure = Callable[[str, int, int], Result]
"""Measures a storm: goods (``hot``, ``zipf``, ``keys``, ``empty``), connections, seconds."""


@dataclass(frozen=True)
class Contender:
    """A contender, ready to be measured again and again. ``stop()`` ends its server."""

    name: str
    measure: Measure
    stop: Callable[[], None]
    pid: int | None = None
    url: str = ""


def start_shop(*, name: str, module: str, database_url: str, folder: Path) -> Contender:
    """The shop's own backend, served by a module, with the settings that it has by default."""
    shop = BenchShop(database_url)
    shop.open()
    port = free_port()
    environment = {
        **{name: "" for name in os.environ if name.startswith("FACTOAUTO_")},
        "FACTOAUTO_DATABASE_URL": database_url,
        "FACTOAUTO_BACKEND_PORT": str(port),
        "FACTOAUTO_VAR_DIR": str(folder),
        "FACTOAUTO_CALLBACK_SECRETS": "a-secret-of-the-bench",
    }
    server = _start([sys.executable, "-m", module], name=name, port=port, environment=environment, folder=folder)

    def measure(goods: str, connections: int, seconds: int) -> Result:
        shop.fill(on_hand=0 if goods == "empty" else FULL_SHELF)
        target = _shop_target(goods, port=port)
        storm = run_storm(target, connections=connections, seconds=seconds, folder=folder)
        check_storm(storm=storm, books=shop.books(), is_empty=goods == "empty")
        return _result(storm)

    return Contender(name, measure, server.stop, pid=server.pid, url=f"http://127.0.0.1:{port}")


def start_original(*, database_url: str, folder: Path) -> Contender:
    """The original's way, on Node with express and mysql; it has a table of its own, and no ledger."""
    shop = BenchShop(database_url)
    shop.run(
        [
            "CREATE TABLE original_product (sku VARCHAR(64) PRIMARY KEY, stock INTEGER NOT NULL)",
            *(f"INSERT INTO original_product VALUES ('{sku_of(number)}', 0)" for number in range(PRODUCTS)),  # noqa: S608
        ]
    )
    address = sa.make_url(database_url)
    login = {
        "host": address.host,
        "port": address.port,
        "user": address.username,
        "password": address.password,
        "database": address.database,
    }
    port = free_port()
    environment = {"BENCH_DATABASE": json.dumps(login), "BENCH_PORT": str(port), "NODE_PATH": NODE_LIBRARIES}
    program = str(ROOT / "tests/bench/original/server.js")
    server = _start(["node", program], name="original", port=port, environment=environment, folder=folder)

    def measure(goods: str, connections: int, seconds: int) -> Result:
        shop.run([f"UPDATE original_product SET stock = {FULL_SHELF}"])  # noqa: S608
        target = Target(url=f"http://127.0.0.1:{port}/send", bodies=_original_bodies(goods))
        storm = run_storm(target, connections=connections, seconds=seconds, folder=folder)
        if storm.refused:
            raise LostUnits(f"{storm.refused} requests were answered with an error")
        with shop.engine.connect() as connection:
            left = connection.exec_driver_sql("SELECT SUM(stock) FROM original_product").scalar_one()
        lost = storm.answered - (PRODUCTS * FULL_SHELF - int(left))
        return _result(storm, note=f"{max(0, lost) / storm.answered:.0%} of its sales lost")

    return Contender("original", measure, server.stop, pid=server.pid)


def start_no_database(*, folder: Path) -> Contender:
    """Flask and Granian without a database."""
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.no_database"]
    environment = {"BENCH_PORT": str(port)}
    server = _start(command, name="no_database", port=port, environment=environment, folder=folder)

    def measure(goods: str, connections: int, seconds: int) -> Result:
        target = Target(url=f"http://127.0.0.1:{port}/send", bodies=_original_bodies(goods))
        return _result(run_storm(target, connections=connections, seconds=seconds, folder=folder))

    return Contender("no_database", measure, server.stop, pid=server.pid)


def start_slap(*, database_url: str, folder: Path) -> Contender:
    """mariadb-slap, which is a client and needs no server of its own."""
    shop = BenchShop(database_url)
    shop.open()
    rates: dict[tuple[str, int], float] = {}

    def measure(goods: str, connections: int, seconds: int) -> Result:
        rate = rates.get((goods, connections))
        transactions = int(rate * seconds) if rate else _SLAP_TRIAL
        shop.fill()
        slap = run_slap(
            url=database_url, goods=goods, connections=connections, transactions=transactions, folder=folder
        )
        books = shop.books()
        check_books(books)
        if books.sold != slap.transactions:
            raise LostUnits(f"{slap.transactions} transactions were made, {books.sold} purchases are there")
        rates[goods, connections] = slap.per_second
        return Result(per_second=slap.per_second) if rate else measure(goods, connections, seconds)

    return Contender("slap", measure, lambda: None)


def _start(
    command: list[str], *, name: str, port: int, environment: Mapping[str, str], folder: Path
) -> ServerProcess:
    server = ServerProcess(
        command,
        log=folder / f"{name}-{port}.log",
        environment={"PYTHONPATH": str(ROOT), **environment},
    )

    def answers() -> bool:
        if server.exit_code is not None:
            raise RuntimeError(f"{name} ended:\n{server.output}")
        try:
            return urllib3.request("GET", f"http://127.0.0.1:{port}/healthz", retries=False).status == 200
        except urllib3.exceptions.HTTPError:
            return False

    wait_until(answers, seconds=_START_SECONDS, what=f"{name} to answer")
    return server


def _shop_target(goods: str, *, port: int) -> Target:
    if goods == "keys":
        body = json.dumps({"sku": sku_of(0), "quantity": 1})
        return Target(url=f"http://127.0.0.1:{port}/api/purchases", bodies=[body], with_keys=True)
    return Target(url=f"http://127.0.0.1:{port}/send", bodies=_original_bodies(goods))


def _original_bodies(goods: str) -> list[str]:
    wanted = draw_skus("zipf" if goods == "zipf" else "hot")
    return [json.dumps({"MessageAttributeProductId": sku}) for sku in wanted]


def _result(storm: Storm, *, note: str = "") -> Result:
    return Result(per_second=storm.per_second, p50_ms=storm.p50_ms, p99_ms=storm.p99_ms, note=note)
