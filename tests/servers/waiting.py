"""Awaiting a condition of the outside world, with a deadline."""

import time
from collections.abc import Callable

_PAUSE_SECONDS = 0.02
_PAUSE_SHARE = 2
"""Between two questions passes at least so many times what one took."""


def wait_until(condition: Callable[[], object], *, seconds: float, what: str) -> None:
    """Return as soon as the condition holds; fail the test when it does not within so many seconds.

    The condition is also asked once after the deadline, so that a machine that stood still gets its chance. One
    that takes long to ask is asked less often: what it waits for needs the processor too.
    """
    deadline = time.monotonic() + seconds
    asked = time.monotonic()
    while not condition():
        now = time.monotonic()
        if now > deadline:
            if condition():
                return
            raise AssertionError(f"waited {seconds} seconds in vain: {what}")
        time.sleep(max(_PAUSE_SECONDS, _PAUSE_SHARE * (now - asked)))
        asked = time.monotonic()
