"""Customers who come at random, against the real purchase API: bounded in rate and in time."""

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from dashboard.client import client, new_key

MOST_PER_SECOND = 50
MOST_MINUTES = 10
LANES = 5
"""threads; customers who come at random, split at random over lanes, come at random in each"""
QUANTITIES = (1, 1, 1, 2, 3)
UNANSWERED_LIMIT = 20
"""customers without an answer, one after the other, after whom nobody comes any more"""
PATIENCE_SECONDS = 1.0
"""Customers who came while the lane was busy buy at once; who came longer ago than this has gone away."""

Outcome = Literal["sold", "refused", "unanswered"]
Buy = Callable[[str, int], Outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How a run goes. ``remaining_seconds`` is 0 when it is over."""

    running: bool = False
    remaining_seconds: float = 0
    sold: int = 0
    refused: int = 0
    unanswered: int = 0

    @property
    def customers(self) -> int:
        """How many came."""
        return self.sold + self.refused + self.unanswered


class Arrivals:
    """When the customers of a lane come: so often on average, however long each of them is served."""

    def __init__(self, gap: Callable[[], float], *, begins_at: float) -> None:
        """Let ``gap`` seconds pass between two of them, drawn for each."""
        self._gap = gap
        self._last = begins_at

    def next(self, *, now: float) -> float:
        """When the next one comes, or came: at most ``PATIENCE_SECONDS`` ago, so that no stall ends in a storm."""
        self._last = max(self._last + self._gap(), now - PATIENCE_SECONDS)
        return self._last


class RushHour:
    """One run at a time, in threads that end by themselves."""

    def __init__(self, buy: Buy) -> None:
        """Let each customer buy by calling ``buy`` with a SKU and a quantity."""
        self._buy = buy
        self._steering = threading.Lock()
        """Held while a run is begun or ended. Not the other one, for which the lanes wait with what they count."""
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._lanes: list[threading.Thread] = []
        self._ends_at = 0.0
        self._counts = Progress()
        self._in_vain = 0

    def start(self, *, per_second: float, seconds: float, mix: Mapping[str, int]) -> None:
        """Let so many customers come on average for so long; ``mix`` is each SKU's weight. Ends what runs."""
        chosen = {sku: weight for sku, weight in mix.items() if weight > 0}
        rate = min(per_second, MOST_PER_SECOND) / LANES
        with self._steering:
            self._end()
            if chosen:
                self._begin(rate, seconds=min(seconds, MOST_MINUTES * 60), mix=chosen)

    def stop(self) -> None:
        """Let nobody come any more; returns when the last customer has gone."""
        with self._steering:
            self._end()

    def _begin(self, rate: float, *, seconds: float, mix: Mapping[str, int]) -> None:
        with self._lock:
            self._stop = threading.Event()
            self._ends_at = time.monotonic() + seconds
            self._counts = Progress()
            self._in_vain = 0
            arguments = (self._stop, self._ends_at, rate, mix)
            self._lanes = [
                threading.Thread(target=self._run, args=arguments, name=f"rush-hour-{lane}", daemon=True)
                for lane in range(LANES)
            ]
            for thread in self._lanes:
                thread.start()

    def _end(self) -> None:
        self._stop.set()
        for thread in self._lanes:
            thread.join()

    def progress(self) -> Progress:
        """How it goes now."""
        with self._lock:
            running = any(thread.is_alive() for thread in self._lanes) and not self._stop.is_set()
            left = max(0.0, self._ends_at - time.monotonic()) if running else 0.0
            return replace(self._counts, running=running, remaining_seconds=left)

    def _run(self, stop: threading.Event, ends_at: float, rate: float, mix: Mapping[str, int]) -> None:
        chance = random.Random()  # noqa: S311 - customers, not secrets
        skus, weights = list(mix), list(mix.values())
        arrivals = Arrivals(lambda: chance.expovariate(rate), begins_at=time.monotonic())
        while True:
            now = time.monotonic()
            comes_at = arrivals.next(now=now)
            if max(now, comes_at) >= ends_at:
                stop.wait(max(0.0, ends_at - now))
                return
            if stop.wait(max(0.0, comes_at - now)):
                return
            outcome = self._buy(chance.choices(skus, weights)[0], chance.choice(QUANTITIES))
            self._count(outcome, stop)

    def _count(self, outcome: Outcome, stop: threading.Event) -> None:
        with self._lock:
            counts = self._counts
            self._counts = replace(counts, **{outcome: getattr(counts, outcome) + 1})
            self._in_vain = self._in_vain + 1 if outcome == "unanswered" else 0
            if self._in_vain >= UNANSWERED_LIMIT:
                stop.set()


@cache
def rush_hour() -> RushHour:
    """The rush hour of this process: all sessions see and steer the same one."""
    return RushHour(_buy_at_the_backend)


def _buy_at_the_backend(sku: str, quantity: int) -> Outcome:
    result = client().send("POST", "/api/purchases", {"sku": sku, "quantity": quantity}, key=new_key())
    if result.ok:
        return "sold"
    return "unanswered" if result.ailing else "refused"
