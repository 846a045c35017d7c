"""Commit the purchases of concurrent requests together.

A commit waits for the disk, and on a hot product every commit waits for the one before. So the requests that
arrive while a commit is under way form the next batch: whoever finds nobody selling sells at once, for himself
and for all who wait, then hands over to the first of those who came meanwhile. There is no timer and no thread of
its own: one buyer at a time never waits for company. Known from databases as group commit.
"""

import time
from _thread import LockType
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from threading import Lock

import structlog

from backend.domain.sale import PurchaseRequest
from backend.services.purchase import Answer
from backend.store.unit_of_work import DatabaseUnavailable

log = structlog.get_logger(__name__)

Sell = Callable[[Sequence[PurchaseRequest]], list[Answer]]


class TooManyWaiting(Exception):
    """More purchases wait than can be answered in reasonable time; nothing was done for this one."""


def _make_held_lock() -> LockType:
    """A lock that whoever waits takes, and whoever calls releases: an Event, at a third of its price."""
    lock = Lock()
    lock.acquire()
    return lock


@dataclass(slots=True, eq=False)
class _Waiting:
    request: PurchaseRequest
    called: LockType = field(default_factory=_make_held_lock)
    answer: Answer | None = None
    error: Exception | None = None
    wakes: "_Waiting | None" = None
    """Whom to wake in turn: all at once they would only get in each other's way, for one at a time may run."""

    @property
    def is_done(self) -> bool:
        return self.answer is not None or self.error is not None


class GroupCommit:
    """Sells for many threads at once.

    Args:
        sell: sells a list in one transaction; an answer for each, in order.
        largest_batch: how many purchases are sold in one transaction at the most.
        most_waiting: how many may wait before the next is turned away.
        pause_seconds: between two batches, where the database does not let others in by itself (SQLite).
    """

    def __init__(
        self, *, sell: Sell, largest_batch: int = 64, most_waiting: int = 1024, pause_seconds: float = 0
    ) -> None:
        self._sell = sell
        self._largest_batch = largest_batch
        self._most_waiting = most_waiting
        self._pause_seconds = pause_seconds
        self._lock = Lock()
        self._queue: deque[_Waiting] = deque()
        self._somebody_sells = False

    def buy(self, request: PurchaseRequest) -> Answer:
        """Sell to one customer, together with those who come at the same time.

        Raises:
            TooManyWaiting: at once, when the queue is full.
            DatabaseUnavailable: nothing was kept for this request, or it cannot be told.
        """
        own = _Waiting(request)
        with self._lock:
            if len(self._queue) >= self._most_waiting:
                raise TooManyWaiting
            self._queue.append(own)
            sells = not self._somebody_sells
            self._somebody_sells = True
        if not sells:
            own.called.acquire()
            if own.wakes is not None:
                own.wakes.called.release()
        if not own.is_done:
            self._sell_next_batch(own)
        if own.error is not None:
            raise own.error
        assert own.answer is not None  # noqa: S101 - for the type checker
        return own.answer

    def _sell_next_batch(self, own: _Waiting) -> None:
        """Sell to the first in the queue, oneself among them, and call the next to sell."""
        with self._lock:
            size = min(len(self._queue), self._largest_batch)
            batch = [self._queue.popleft() for _ in range(size)]
        try:
            self._serve(batch)
        finally:
            self._hand_over()
            _wake([waiting for waiting in batch if waiting is not own])

    def _hand_over(self) -> None:
        with self._lock:
            following = self._queue[0] if self._queue else None
            self._somebody_sells = following is not None
        if following is not None:
            if self._pause_seconds:
                time.sleep(self._pause_seconds)
            following.called.release()

    def _serve(self, batch: Sequence[_Waiting]) -> None:
        try:
            answers = self._sell([waiting.request for waiting in batch])
            for waiting, answer in zip(batch, answers, strict=True):
                waiting.answer = answer
        except DatabaseUnavailable as error:
            for waiting in batch:
                waiting.error = error
        except Exception as error:
            if len(batch) == 1:
                batch[0].error = error
                return
            # The transaction was rolled back. Whoever spoilt it must not spoil it for the others.
            log.warning("a batch failed and is sold one by one", size=len(batch), error=str(error))
            for waiting in batch:
                self._serve([waiting])


def _wake(served: Sequence[_Waiting]) -> None:
    """Wake the first, who wakes the second, and so on."""
    for one, following in pairwise(served):
        one.wakes = following
    if served:
        served[0].called.release()
