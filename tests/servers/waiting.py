"""Awaiting a condition of the outside world, with a deadline."""

import time
from collections.abc import Callable

_PAUSE_SECONDS = 0.02


def wait_until(condition: Callable[[], object], *, seconds: float, what: str) -> None:
    """Return as soon as the condition holds; fail the test when it does not within so many seconds.

    The condition is also asked once after the deadline, so that a machine that stood still gets its chance.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            if condition():
                return
            raise AssertionError(f"waited {seconds} seconds in vain: {what}")
        time.sleep(_PAUSE_SECONDS)
