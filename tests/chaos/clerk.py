"""The operator, who restocks, cancels and counts while everything breaks."""

import random
import threading
from collections import Counter
from typing import Any

import urllib3

from tests.chaos.stage import OPERATOR

TIMEOUT = urllib3.Timeout(connect=2, read=5)
PAUSE_SECONDS = (0.3, 1.2)
AWAITED = ("ordered", "partially_received")


class Clerk(threading.Thread):
    """Does one thing after another, and does not insist."""

    def __init__(self, *, seed: int, url: str, skus: list[str]) -> None:
        super().__init__(name="clerk", daemon=True)
        self._draw = random.Random(f"clerk {seed}")
        self._url = url
        self._skus = skus
        self._http = urllib3.PoolManager(retries=False, timeout=TIMEOUT)
        self._stopping = threading.Event()
        self.deeds: Counter[str] = Counter()
        self.wrong_answers: list[str] = []

    def stop(self) -> None:
        """Do nothing more."""
        self._stopping.set()

    def run(self) -> None:
        """Until told to stop."""
        while not self._stopping.wait(self._draw.uniform(*PAUSE_SECONDS)):
            sku = self._draw.choice(self._skus)
            self._draw.choice((self._restock, self._cancel, self._give_up, self._count, self._redrive))(sku)

    def _restock(self, sku: str) -> None:
        self._post("restock", f"/api/products/{sku}/restock", {})

    def _count(self, sku: str) -> None:
        counted = {"quantity": self._draw.choice((-2, -1, 1, 2)), "reason": "counted"}
        self._post("adjustments", f"/api/products/{sku}/adjustments", counted)

    def _cancel(self, _: str) -> None:
        for one in self._newest_orders()[:1]:
            self._post("cancel", f"/api/replenishments/{one['id']}/cancel", {})

    def _give_up(self, _: str) -> None:
        """Wait no longer for what the factory has, whole or in part; it may be on its way all the same."""
        for one in [order for order in self._newest_orders() if order["status"] in AWAITED][:1]:
            self._post("give up", f"/api/replenishments/{one['id']}/cancel?although_ordered=true", {})

    def _newest_orders(self) -> list[dict[str, Any]]:
        orders: list[dict[str, Any]] = self._ask("GET", "/api/replenishments?limit=10").get("replenishments", [])
        return orders

    def _redrive(self, _: str) -> None:
        self._post("redrive", "/api/queues/dead-letters/redrive", {})

    def _post(self, deed: str, path: str, body: dict[str, Any]) -> None:
        answer = self._ask("POST", path, body)
        if answer["http_status"] < 300:
            self.deeds[deed] += 1

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        try:
            answer = self._http.request(method, f"{self._url}{path}", json=body, headers=OPERATOR)
            said: dict[str, Any] = answer.json()
        except (urllib3.exceptions.HTTPError, ValueError):
            return {"http_status": 599}
        if answer.status not in (200, 201, 409, 503):
            self.wrong_answers.append(f"{method} {path}: {answer.status} {said}")
        return {**said, "http_status": answer.status}
