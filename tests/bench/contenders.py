"""Who is measured side by side: the shop, in whatever way it is served. See ``rivals`` for the others."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench.ledger import check_storm
from tests.bench.processor import ProcessorTime
from tests.bench.second_writer import writing_beside
from tests.bench.servers import start_shop
from tests.bench.shop import FULL_SHELF, BenchShop, draw_skus, sku_of
from tests.bench.storm import Storm, Target, run_storm


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


Pids = dict[str, int]
"""Processes whose time is measured, by name: ``server``, ``database``."""


def make_shop(*, name: str, module: str, database_url: str, folder: Path, pids: Pids | None = None) -> Contender:
    """The shop's own backend, served by a module."""
    shop = BenchShop(database_url)
    shop.open()
    server = start_shop(module=module, database_url=database_url, folder=folder)
    measured = {"server": server.process.pid, **(pids or {})}

    def measure(goods: str, connections: int, seconds: int) -> Result:
        shop.fill(on_hand=0 if goods == "empty" else FULL_SHELF)
        target = make_target(goods, url=server.url)
        time = ProcessorTime(measured)
        if goods == "worker":
            with writing_beside(database_url=database_url) as waits:
                storm = run_storm(target, connections=connections, seconds=seconds, folder=folder)
        else:
            waits = {}
            storm = run_storm(target, connections=connections, seconds=seconds, folder=folder)
        used = time.of_each(storm.answered)
        check_storm(storm=storm, books=shop.books(), is_empty=goods == "empty")
        return Result(numbers=numbers_of(storm) | used | waits)

    return Contender(name, measure, server.stop)


def make_target(goods: str, *, url: str) -> Target:
    """Where customers who want this send what."""
    if goods == "keys":
        body = json.dumps({"sku": sku_of(0), "quantity": 1})
        return Target(url=f"{url}/api/purchases", bodies=[body], with_keys=True)
    wanted = draw_skus("zipf" if goods == "zipf" else "hot")
    return Target(url=f"{url}/send", bodies=[json.dumps({"MessageAttributeProductId": sku}) for sku in wanted])


def numbers_of(storm: Storm) -> dict[str, float]:
    """What is kept of a storm."""
    return {"per_second": storm.per_second, "p50_ms": storm.p50_ms, "p99_ms": storm.p99_ms}
