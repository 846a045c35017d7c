"""Whether what a dashboard reads stays fast as the ledger grows: ten thousand movements against a million.

The shop sells as fast in both, for longer in the second: half an hour of charts holds the same, and the longest
chart holds the whole ledger.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import urllib3

from tests.bench.figures import percentile
from tests.bench.records import Record, Records
from tests.bench.servers import SHOP, Server, start_shop
from tests.bench.shop import BenchShop, sku_of
from tests.bench.storms import mariadb_on_disk

SIZES = (10_000, 1_000_000)
DAYS = 20
_WARM_UP_CALLS = 5
_LOAD = """
INSERT INTO stock_movement (sku, quantity, on_hand_after, kind, reference, actor, created_at)
WITH RECURSIVE counted (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM counted WHERE number < {rows})
SELECT '{sku}', CASE WHEN number = 1 THEN {rows} ELSE -1 END, {rows} - number + 1,
CASE WHEN number = 1 THEN 'adjustment' ELSE 'sale' END, NULL, 'customer', {at}
FROM counted"""
_COUNT_BY_MINUTE = """
INSERT INTO sales_minute (sku, minute, sold_purchases, sold_quantity, sold_amount, refused_purchases,
lost_quantity, lost_amount)
SELECT sku, {minute}, COUNT(*), COUNT(*), 2500 * COUNT(*), 0, 0, 0 FROM stock_movement WHERE kind = 'sale'
GROUP BY sku, {minute}"""
_MOMENT = {
    "mysql": "'{since}' + INTERVAL (number * {seconds} * 1000000) MICROSECOND",
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', '{since}', '+' || (number * {seconds}) || ' seconds') || '000'",
}
_MINUTE = {"mysql": "SUBSTR(created_at, 1, 16)", "sqlite": "SUBSTR(created_at, 1, 16) || ':00.000000'"}


def calls() -> dict[str, str]:
    """What is asked, by the name that the report uses."""
    since = (datetime.now(UTC) - timedelta(days=DAYS)).strftime("%Y-%m-%dT%H:%M:%SZ")
    sku = sku_of(0)
    return {
        "GET /api/stock-history, half an hour": f"/api/stock-history?sku={sku}",
        f"GET /api/stock-history, {DAYS} days": f"/api/stock-history?sku={sku}&from={since}",
        "GET /api/products": "/api/products",
        "GET /api/products/{sku}/movements": f"/api/products/{sku}/movements",
    }


def load_movements(*, url: str, rows: int) -> None:
    """Open a shop with so many movements of one product up to now, a million in ``DAYS``."""
    shop = BenchShop(url)
    shop.open()
    dialect = shop.engine.dialect.name
    seconds = DAYS * 86_400 / SIZES[-1]
    since = datetime.now(UTC) - timedelta(seconds=rows * seconds)
    at = _MOMENT[dialect].format(since=since.strftime("%Y-%m-%d %H:%M:%S.000"), seconds=seconds)
    shop.run(
        [
            *(["SET max_recursive_iterations = 4294967295"] if dialect == "mysql" else []),
            _LOAD.format(rows=rows, sku=sku_of(0), at=at),
            _COUNT_BY_MINUTE.format(minute=_MINUTE[dialect]),
            f"UPDATE product SET on_hand = 1 WHERE sku = '{sku_of(0)}'",  # noqa: S608 - our own words
        ]
    )
    if shop.books().drifting_products:
        raise RuntimeError("the ledger was loaded wrongly")


def measure_history(*, folder: Path, records: Records, rounds: int, calls_of_each: int) -> None:
    """Time each call against the small and the large ledger by turns, on both databases."""
    with mariadb_on_disk(folder) as mariadb:
        for database in ("mariadb", "sqlite"):
            urls = {
                rows: mariadb.create_database() if database == "mariadb" else f"sqlite:///{folder / str(rows)}.db"
                for rows in SIZES
            }
            with _serving(urls, folder=folder) as servers:
                for name, path in calls().items():
                    for _ in range(rounds):
                        numbers = _time_by_turns(servers, path=path, times=calls_of_each)
                        records.add(Record(part="history", database=database, goods=name, numbers=numbers))


@contextmanager
def _serving(urls: dict[int, str], *, folder: Path) -> Iterator[dict[int, Server]]:
    with ExitStack() as stack:
        servers = {}
        for rows, url in urls.items():
            load_movements(url=url, rows=rows)
            servers[rows] = start_shop(module=SHOP, database_url=url, folder=folder)
            stack.callback(servers[rows].stop)
        yield servers


def _time_by_turns(servers: dict[int, Server], *, path: str, times: int) -> dict[str, float]:
    http = urllib3.PoolManager(retries=False)
    taken: dict[int, list[float]] = {rows: [] for rows in servers}
    for number in range(_WARM_UP_CALLS + times):
        for rows, server in servers.items():
            began = time.perf_counter()
            answer = http.request("GET", server.url + path)
            took = (time.perf_counter() - began) * 1000
            if answer.status != 200:
                raise RuntimeError(f"GET {path}: {answer.status} {answer.data!r}")
            if number >= _WARM_UP_CALLS:
                taken[rows].append(took)
    small, large = (percentile(taken[rows], 50) for rows in SIZES)
    return {"small_ms": small, "large_ms": large, "ratio": large / small}
