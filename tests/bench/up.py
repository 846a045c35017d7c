"""The whole shop as ``factoauto up`` runs it: its start, its cost at rest, and how long a shelf stays empty."""

import time
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil
import urllib3

from tests.bench.figures import percentile
from tests.bench.ledger import LostUnits
from tests.bench.records import Record, Records
from tests.servers.shop import Shop
from tests.servers.waiting import wait_until

LEAD_TIME_SECONDS = 0.3
LOT_SIZE = 10
_SETTLE_SECONDS = 8
_DELIVERY_SECONDS = 30
_START_SECONDS = 60


def measure_up(*, folder: Path, records: Records, idle_seconds: int, shortages: int, starts: int) -> None:
    """Start everything, and again on the same data; watch it idle, then empty shelves one after the other.

    Raises:
        LostUnits: a shelf was not filled once and only once.
    """
    shop = Shop(folder=folder / "up")
    shop.environment["FACTOAUTO_LEAD_TIME_SECONDS"] = str(LEAD_TIME_SECONDS)
    shop.start()
    shop.stop()
    for _ in range(starts):
        shop.launch()
        records.add(Record(part="start", numbers={"first_purchase_ms": _await_first_purchase(shop)}))
        shop.stop()
    shop.start()
    try:
        records.add(Record(part="idle", numbers=_watch_idle(shop, seconds=idle_seconds)))
        waits = [_restock(shop, sku=f"SHORT-{number}") for number in range(shortages)]
    finally:
        shop.stop()
    numbers = {"p50_ms": percentile(waits, 50), "p99_ms": percentile(waits, 99), "longest_ms": max(waits)}
    records.add(Record(part="restock", numbers={**numbers, "shortages": shortages}))


def _await_first_purchase(shop: Shop) -> float:
    """Milliseconds from now until a customer who asks again and again is answered."""
    began = time.monotonic()

    def is_answered() -> bool:
        try:
            return bool(shop.buy())
        except (urllib3.exceptions.HTTPError, ValueError, KeyError):  # nobody there, or not yet who could sell
            return False

    wait_until(is_answered, seconds=_START_SECONDS, what="the first purchase")
    return (time.monotonic() - began) * 1000


def _watch_idle(shop: Shop, *, seconds: int) -> dict[str, float]:
    """Percent of one core, and memory, of every process that ``up`` has started."""
    time.sleep(_SETTLE_SECONDS)
    processes = shop.processes()
    began, before = time.monotonic(), _cpu_seconds(processes)
    time.sleep(seconds)
    used = (_cpu_seconds(processes) - before) / (time.monotonic() - began)
    memory = sum(one.memory_info().rss for one in processes) / 1024**2
    return {"core_percent": 100 * used, "memory_mb": memory, "processes": len(processes)}


def _cpu_seconds(processes: list[psutil.Process]) -> float:
    return sum(sum(one.cpu_times()[:2]) for one in processes)


def _restock(shop: Shop, *, sku: str) -> float:
    """Milliseconds from a shortage to its delivery, less the factory's lead time, by the shop's own clock."""
    token = (shop.folder / "operator_token").read_text(encoding="utf-8").strip()
    added = {
        "sku": sku,
        "name": sku,
        "name_en": sku,
        "price": 2500,
        "factory_id": "FF-500293",
        "lot_size": LOT_SIZE,
    }
    _call(shop, "POST", "/api/products", body=added, token=token)
    refused = _call(shop, "POST", "/api/purchases", body={"sku": sku, "quantity": 1}, expected=409)
    path = f"/api/replenishments/{refused['replenishment_id']}"
    wait_until(
        lambda: _call(shop, "GET", path)["received_at"], seconds=_DELIVERY_SECONDS, what=f"a delivery of {sku}"
    )
    order = _call(shop, "GET", path)
    if _call(shop, "GET", f"/api/products/{sku}")["on_hand"] != LOT_SIZE:
        raise LostUnits(f"{sku} was not filled once and only once")
    return _milliseconds_between(order["requested_at"], order["received_at"]) - LEAD_TIME_SECONDS * 1000


def _call(
    shop: Shop, method: str, path: str, *, body: Any = None, token: str = "", expected: int | None = None
) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = urllib3.request(method, shop.url + path, json=body, headers=headers, retries=False)
    if answer.status != (expected or (201 if method == "POST" else 200)):
        raise RuntimeError(f"{method} {path}: {answer.status} {answer.data!r}")
    return answer.json()


def _milliseconds_between(earlier: str, later: str) -> float:
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds() * 1000
