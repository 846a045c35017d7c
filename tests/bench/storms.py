"""Storms on several contenders, in rounds: a machine that gets slower gets slower for all of them."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.bench.contenders import Contender, make_shop
from tests.bench.records import Record, Records
from tests.bench.rivals import make_no_database, make_original, make_slap
from tests.bench.servers import SHOP, SHOP_THAT_SELLS_ONE_BY_ONE
from tests.servers.mariadb import MariaDB

GOODS = {
    "hot": "everybody wants the same product",
    "zipf": "customers want a thousand products, by Zipf's law",
    "empty": "the same product, and nothing is on its shelf",
    "keys": "the same product, with an Idempotency-Key of its own in each request",
    "worker": "the same product, while a second process writes, as the worker does",
}
PLAIN_GOODS = ("hot", "zipf")
"""What every contender is measured with, and with every number of connections."""
SLAP_CONNECTIONS = 16
MARIADB_OPTIONS = ("--innodb-buffer-pool-size=512M", "--innodb-log-file-size=256M")
SPECIAL_CONNECTIONS = 64
_WARM_UP = (16, 1)  # connections, seconds


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
        pids = {"database": mariadb.process.pid}
        contenders = []

        def add(contender: Contender) -> None:
            stack.callback(contender.stop)
            contenders.append(contender)

        add(make_slap(database_url=mariadb.create_database(), folder=folder, pids=pids))
        add(make_original(database_url=mariadb.create_database(), folder=folder, pids=pids))
        for name, module in (("one_each", SHOP_THAT_SELLS_ONE_BY_ONE), ("group_commit", SHOP)):
            url = mariadb.create_database()
            add(make_shop(name=name, module=module, database_url=url, folder=folder, pids=pids))
        add(make_no_database(folder=folder))
        yield contenders


@contextmanager
def sqlite_contenders(folder: Path) -> Iterator[list[Contender]]:
    """The shop with and without group commit, each on a SQLite file of its own."""
    with ExitStack() as stack:
        contenders = []
        for name, module in (("one_each", SHOP_THAT_SELLS_ONE_BY_ONE), ("group_commit", SHOP)):
            url = f"sqlite:///{folder / name}.db"
            contender = make_shop(name=name, module=module, database_url=url, folder=folder)
            stack.callback(contender.stop)
            contenders.append(contender)
        yield contenders


def plan_round(
    *, database: str, goods: Sequence[str], contenders: Sequence[str], connections: Sequence[int]
) -> list[tuple[str, int, str]]:
    """What is measured in a round, in order: goods, connections, contender. Rivals follow each other."""
    others = [one for one in contenders if one not in ("slap", "group_commit")]
    group = [one for one in contenders if one == "group_commit"]
    special = [kind for kind in goods if kind not in PLAIN_GOODS and (kind != "worker" or database == "sqlite")]
    specials_beside = SPECIAL_CONNECTIONS if SPECIAL_CONNECTIONS in connections else connections[-1]
    planned: list[tuple[str, int, str]] = []
    for number in connections:
        slap = [one for one in contenders if one == "slap" and number == specials_beside]
        if "hot" in goods:
            planned += [("hot", number, one) for one in others]
            planned += [("hot", SLAP_CONNECTIONS, one) for one in slap]
            planned += [("hot", number, one) for one in group]
        if "zipf" in goods:
            planned += [("zipf", number, one) for one in group]
        if number == specials_beside:
            planned += [(kind, SPECIAL_CONNECTIONS, one) for kind in special for one in group]
        if "zipf" in goods:
            planned += [("zipf", SLAP_CONNECTIONS, one) for one in slap]
            planned += [("zipf", number, one) for one in others if one != "no_database"]
    return planned


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
    by_name = {contender.name: contender for contender in contenders}
    for contender in contenders:
        contender.measure("hot", *_WARM_UP)
    planned = plan_round(database=database, goods=goods, contenders=list(by_name), connections=connections)
    for kind, number, name in planned * rounds:
        result = by_name[name].measure(kind, number, seconds)
        records.add(
            Record(
                part="storm",
                database=database,
                contender=name,
                goods=kind,
                connections=number,
                numbers=result.numbers,
                note=result.note,
            )
        )
