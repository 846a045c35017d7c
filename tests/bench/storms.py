"""Storms on several contenders, in rounds: a machine that gets slower gets slower for all of them."""

import itertools
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.bench.contenders import (
    Contender,
    Result,
    start_no_database,
    start_original,
    start_shop,
    start_slap,
)
from tests.bench.records import Record, Records
from tests.servers.mariadb import MariaDB

SERVE = "backend.entrypoints.serve"
ONE_EACH = "tests.bench.one_transaction_each"
SLAP_CONNECTIONS = 16
MARIADB_OPTIONS = ("--innodb-buffer-pool-size=512M", "--innodb-log-file-size=256M")
_WARM_UP_SECONDS = 1
_WARM_UP_CONNECTIONS = 16


@contextmanager
def mariadb_on_disk(folder: Path) -> Iterator[MariaDB]:
    """A server that waits for the disk at every commit, as one in use does."""
    server = MariaDB.start(options=MARIADB_OPTIONS, parent=folder)
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def mariadb_contenders(folder: Path) -> Iterator[list[Contender]]:
    """Everyone there is, on one MariaDB."""
    with mariadb_on_disk(folder) as mariadb, ExitStack() as stack:
        contenders: list[Contender] = []

        def add(contender: Contender) -> None:
            stack.callback(contender.stop)
            contenders.append(contender)

        add(start_slap(database_url=mariadb.create_database(), folder=folder))
        add(start_original(database_url=mariadb.create_database(), folder=folder))
        for name, module in (("one_each", ONE_EACH), ("group_commit", SERVE)):
            url = mariadb.create_database()
            add(start_shop(name=name, module=module, database_url=url, folder=folder))
        add(start_no_database(folder=folder))
        yield contenders


@contextmanager
def sqlite_contenders(folder: Path) -> Iterator[list[Contender]]:
    """The shop with and without group commit, each on a SQLite file of its own."""
    with ExitStack() as stack:
        contenders = []
        for name, module in (("one_each", ONE_EACH), ("group_commit", SERVE)):
            url = f"sqlite:///{folder / name}.db"
            contender = start_shop(name=name, module=module, database_url=url, folder=folder)
            stack.callback(contender.stop)
            contenders.append(contender)
        yield contenders


def run_storms(
    *,
    contenders: Sequence[Contender],
    database: str,
    goods: Sequence[str],
    connections: Sequence[int],
    rounds: int,
    seconds: int,
    records: Records,
) -> None:
    """Measure everyone with every kind of goods and every number of connections, so many times.

    Raises:
        LostUnits: a contender lost or doubled a unit.
    """
    for contender in contenders:
        contender.measure(goods[0], _WARM_UP_CONNECTIONS, _WARM_UP_SECONDS)
    for _ in range(rounds):
        for kind, number, contender in itertools.product(goods, connections, contenders):
            clients = SLAP_CONNECTIONS if contender.name == "slap" else number
            if contender.name == "slap" and number != connections[-1]:
                continue
            result = contender.measure(kind, clients, seconds)
            record = _record(result, database=database, contender=contender, goods=kind, connections=clients)
            records.add(record)
            print(_line(record), flush=True)  # noqa: T201


def _record(result: Result, *, database: str, contender: Contender, goods: str, connections: int) -> Record:
    numbers = {"per_second": result.per_second}
    if result.p50_ms is not None and result.p99_ms is not None:
        numbers |= {"p50_ms": result.p50_ms, "p99_ms": result.p99_ms}
    return Record(
        part="storm",
        database=database,
        contender=contender.name,
        goods=goods,
        connections=connections,
        numbers=numbers,
        note=result.note,
    )


def _line(record: Record) -> str:
    numbers = record.numbers
    latency = f"p50 {numbers['p50_ms']:7.2f} ms  p99 {numbers['p99_ms']:7.2f} ms" if "p50_ms" in numbers else ""
    return (
        f"{record.database:8} {record.goods:6} {record.contender:13} {record.connections:4} connections "
        f"{numbers['per_second']:8.0f}/s  {latency}  {record.note}"
    )
