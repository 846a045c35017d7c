"""Whom the shop is measured against, and how each tells lost units."""

import json
import sys
from pathlib import Path

import sqlalchemy as sa

from tests.bench.contenders import Contender, Pids, Result, make_target, numbers_of
from tests.bench.ledger import LostUnits, check_books
from tests.bench.processor import ProcessorTime
from tests.bench.servers import start_server
from tests.bench.shop import FULL_SHELF, PRODUCTS, BenchShop, sku_of
from tests.bench.slap import run_slap
from tests.bench.storm import run_storm

ORIGINAL = Path(__file__).with_name("original_server.js")
NODE_LIBRARIES = "/usr/share/nodejs"  # where Debian puts them
_SLAP_TRIAL = 2000


def make_original(*, database_url: str, folder: Path, pids: Pids) -> Contender:
    """The original's way, on Node with express and mysql; it has a table of its own, and no ledger."""
    shop = BenchShop(database_url)
    rows = ", ".join(f"('{sku_of(number)}', 0)" for number in range(PRODUCTS))
    shop.run(
        [
            "CREATE TABLE original_product (sku VARCHAR(64) PRIMARY KEY, stock INTEGER NOT NULL)",
            f"INSERT INTO original_product VALUES {rows}",  # noqa: S608 - our own words
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
        ["node", str(ORIGINAL)],
        port_variable="BENCH_PORT",
        environment={"BENCH_DATABASE": json.dumps(login), "NODE_PATH": NODE_LIBRARIES},
        folder=folder,
    )

    def measure(goods: str, connections: int, seconds: int) -> Result:
        shop.run([f"UPDATE original_product SET stock = {FULL_SHELF}"])  # noqa: S608 - our own words
        time = ProcessorTime({"server": server.process.pid, **pids})
        storm = run_storm(
            make_target(goods, url=server.url), connections=connections, seconds=seconds, folder=folder
        )
        used = time.of_each(storm.answered)
        if storm.refused:
            raise LostUnits(f"{storm.refused} requests were answered with an error")
        with shop.engine.connect() as connection:
            left = connection.exec_driver_sql("SELECT SUM(stock) FROM original_product").scalar_one()
        lost = max(0, storm.answered - (PRODUCTS * FULL_SHELF - int(left))) / storm.answered
        return Result(
            numbers=numbers_of(storm) | used | {"lost_share": lost}, note=f"{lost:.0%} of its sales lost"
        )

    return Contender("original", measure, server.stop)


def make_no_database(*, folder: Path) -> Contender:
    """Flask and Granian without a database."""
    command = [sys.executable, "-m", "tests.bench.no_database"]
    server = start_server(command, port_variable="BENCH_PORT", environment={}, folder=folder)

    def measure(goods: str, connections: int, seconds: int) -> Result:
        time = ProcessorTime({"server": server.process.pid})
        storm = run_storm(
            make_target(goods, url=server.url), connections=connections, seconds=seconds, folder=folder
        )
        return Result(numbers=numbers_of(storm) | time.of_each(storm.answered))

    return Contender("no_database", measure, server.stop)


def make_slap(*, database_url: str, folder: Path, pids: Pids) -> Contender:
    """mariadb-slap, which is a client and needs no server of its own."""
    shop = BenchShop(database_url)
    shop.open()
    rates: dict[tuple[str, int], float] = {}

    def measure(goods: str, connections: int, seconds: int) -> Result:
        rate = rates.get((goods, connections))
        transactions = int(rate * seconds) if rate else _SLAP_TRIAL
        shop.fill()
        time = ProcessorTime(pids)
        slap = run_slap(
            url=database_url, goods=goods, connections=connections, transactions=transactions, folder=folder
        )
        used = time.of_each(slap.transactions)
        books = shop.books()
        check_books(books)
        if books.sold != slap.transactions:
            raise LostUnits(f"{slap.transactions} transactions were made, {books.sold} purchases are there")
        rates[goods, connections] = slap.per_second
        if not rate:  # it cannot be told how long to run, only how much to do: now we know how much that is
            return measure(goods, connections, seconds)
        return Result(numbers={"per_second": slap.per_second} | used)

    return Contender("slap", measure)
