"""The clock of the factory: work that is due at a time, done by a few threads."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
import traceback
from collections.abc import Callable

import structlog

Job = Callable[[], None]

_log = structlog.get_logger("factory_mock")


class ProductionLine:
    """A heap of jobs by the time they are due, and threads that sleep until the first of them is.

    Nothing is polled: a line without work costs no time at all.
    """

    def __init__(self, *, hands: int = 16) -> None:
        self._changed = threading.Condition()
        self._jobs: list[tuple[float, int, Job]] = []
        self._ticket = itertools.count()
        self._stopped = False
        self._hands = [
            threading.Thread(target=self._work, name=f"production-line-{n}", daemon=True)
            for n in range(1, hands + 1)
        ]

    def start(self) -> None:
        """Start the threads."""
        for hand in self._hands:
            hand.start()

    @property
    def running(self) -> bool:
        """Whether work that is due will be done."""
        return not self._stopped and any(hand.is_alive() for hand in self._hands)

    def after(self, seconds: float, job: Job) -> None:
        """Have the job done as soon as that many seconds have passed and a thread is free."""
        due = time.monotonic() + seconds
        with self._changed:
            heapq.heappush(self._jobs, (due, next(self._ticket), job))
            self._changed.notify()

    def stop(self, *, timeout: float = 1.0) -> None:
        """Take no more work, forget what is not due yet, and wait for the jobs under way."""
        with self._changed:
            self._stopped = True
            self._jobs.clear()
            self._changed.notify_all()
        deadline = time.monotonic() + timeout
        for hand in self._hands:
            if hand.is_alive():
                hand.join(max(0.0, deadline - time.monotonic()))

    def _work(self) -> None:
        while (job := self._next()) is not None:
            try:
                job()
            except Exception as error:
                # Neither message nor arguments: they may hold a signed URL.
                place = traceback.extract_tb(error.__traceback__)[-1]
                _log.error("job_failed", error=type(error).__name__, at=f"{place.filename}:{place.lineno}")

    def _next(self) -> Job | None:
        with self._changed:
            while not self._stopped:
                if not self._jobs:
                    self._changed.wait()
                elif (wait := self._jobs[0][0] - time.monotonic()) > 0:
                    self._changed.wait(wait)
                else:
                    job = heapq.heappop(self._jobs)[2]
                    self._changed.notify()  # somebody else must watch for the job after this one
                    return job
            return None
