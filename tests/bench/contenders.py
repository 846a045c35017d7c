"""Who is measured side by side, and how each tells lost units."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from tests.bench.ledger import LostUnits, check_books, check_storm
from tests.bench.second_writer import writing_beside
from tests.bench.servers import ROOT, start_server, start_shop
from tests.bench.shop import FULL_SHELF, PRODUCTS, BenchShop, draw_skus, sku_of
from tests.bench.slap import run_slap
from tests.bench.storm import Storm, Target, run_storm

NODE_LIBRARIES = "/usr/share/nodejs"  # where Debian puts them
_SLAP_TRIAL = 2000


@dataclass(frozen=True, kw_only=True)
class Result:
    """One measurement of one contender: its numbers by name."""

    numbers: dict[str, float]
    note: str = ""


Measure = Callable[[str, int, int], Result]
"""Measures a storm: what customers want (see ``storms.GOODS``), connections, seconds."""


@dataclass(frozen=True)
class Contender:
    """A contender, ready to be measured again and again. ``stop()`` ends its server."""

    name: str
    measure: Measure
    stop: Callable[[], None] = lambda: None


def make_shop(*, name: str, module: str, database_url: str, folder: Path) -> Contender:
    """The shop's own backend, served by a module."""
    shop = BenchShop(database_url)
    shop.open()
    server = start_shop(module=module, database_url=database_url, folder=folder)

    def measure(goods: str, connections: int, seconds: int) -> Result:
        shop.fill(on_hand=0 if goods == "empty" else FULL_SHELF)
        target = make_target(goods, url=server.url)
        if goods == "worker":
            with writing_beside(database_url=database_url) as waits:
                storm = run_storm(target, connections=connections, seconds=seconds, folder=folder)
        else:
            waits = {}
            storm = run_storm(target, connections=connections, seconds=seconds, folder=folder)
        check_storm(storm=storm, books=shop.books(), is_empty=goods == "empty")
        return Result(numbers=_numbers(storm) | waits)

    return Contender(name, measure, server.stop)


def make_original(*, database_url: str, folder: Path) -> Contender:
    """The original's way, on Node with express and mysql; it has a table of its own, and no ledger."""
    shop = BenchShop(database_url)
    rows = ", ".join(f"('{sku_of(number)}', 0)" for number in range(PRODUCTS))
    shop.run(
        [
            "CREATE TABLE original_product (sku VARCHAR(64) PRIMARY KEY, stock INTEGER NOT NULL)",
            f"INSERT INTO original_product VALUES {rows}",  # noqa: S608
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
    server = start_server(
        ["node", str(ROOT / "tests/bench/original/server.js")],
        port_variable="BENCH_PORT",
        environment={"BENCH_DATABASE": json.dumps(login), "NODE_PATH": NODE_LIBRARIES},
        folder=folder,
    )

    def measure(goods: str, connections: int, seconds: int) -> Result:
        shop.run([f"UPDATE original_product SET stock = {FULL_SHELF}"])  # noqa: S608
        target = make_target(goods, url=server.url)
        storm = run_storm(target, connections=connections, seconds=seconds, folder=folder)
        if storm.refused:
            raise LostUnits(f"{storm.refused} requests were answered with an error")
        with shop.engine.connect() as connection:
            left = connection.exec_driver_sql("SELECT SUM(stock) FROM original_product").scalar_one()
        lost = max(0, storm.answered - (PRODUCTS * FULL_SHELF - int(left))) / storm.answered
        return Result(numbers=_numbers(storm) | {"lost_share": lost}, note=f"{lost:.0%} of its sales lost")

    return Contender("original", measure, server.stop)


def make_no_database(*, folder: Path) -> Contender:
    """Flask and Granian without a database."""
    command = [sys.executable, "-m", "tests.bench.no_database"]
    server = start_server(command, port_variable="BENCH_PORT", environment={}, folder=folder)

    def measure(goods: str, connections: int, seconds: int) -> Result:
        target = make_target(goods, url=server.url)
        return Result(numbers=_numbers(run_storm(target, connections=connections, seconds=seconds, folder=folder)))

    return Contender("no_database", measure, server.stop)


def make_slap(*, database_url: str, folder: Path) -> Contender:
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
        if not rate:  # it cannot be told how long to run, only how much to do: now we know how much that is
            return measure(goods, connections, seconds)
        return Result(numbers={"per_second": slap.per_second})

    return Contender("slap", measure)


def make_target(goods: str, *, url: str) -> Target:
    """Where customers who want this send what."""
    if goods == "keys":
        body = json.dumps({"sku": sku_of(0), "quantity": 1})
        return Target(url=f"{url}/api/purchases", bodies=[body], with_keys=True)
    wanted = draw_skus("zipf" if goods == "zipf" else "hot")
    return Target(url=f"{url}/send", bodies=[json.dumps({"MessageAttributeProductId": sku}) for sku in wanted])


def _numbers(storm: Storm) -> dict[str, float]:
    return {"per_second": storm.per_second, "p50_ms": storm.p50_ms, "p99_ms": storm.p99_ms}
