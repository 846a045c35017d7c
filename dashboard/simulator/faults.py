"""The factory's bad days, switched through the backend; they end by themselves."""

import threading
from functools import cache
from typing import Any

from dashboard.client import Result, client

PATH = "/api/simulator/faults"
LAST_SECONDS = 600
"""how long a fault stays when nobody switches it off"""

FAULTS: dict[str, tuple[str, dict[str, Any]]] = {
    "outage": ("refuse", {"status": 503}),
    "slow": ("slow_answer", {"seconds": 3.0}),
    "duplicate": ("double_callback", {}),
    "lost": ("no_callback", {}),
}
"""What the page calls a fault, what the factory calls it, and how bad it is."""


def faults_on(document: dict[str, Any]) -> set[str]:
    """Which of the page's faults are on in the factory's document."""
    return {name for name, (switch, _) in FAULTS.items() if document.get(switch) is not None}


def switch_fault(document: dict[str, Any], name: str, *, on: bool) -> Result:
    """Switch one fault and leave the others as the document has them."""
    switch, how = FAULTS[name]
    kept = {key: value for key, value in document.items() if value is not None and key != switch}
    result = client().send("PUT", PATH, kept | ({switch: how} if on else {}), operator=True)
    if result.ok:
        _end().begin_anew(any_on=bool(faults_on(result.data)))
    return result


class _End:
    """Switches every fault off after a while."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def begin_anew(self, *, any_on: bool) -> None:
        """Count from now; without a fault there is nothing to count."""
        with self._lock:
            if self._timer:
                self._timer.cancel()
            self._timer = None
            if any_on:
                self._timer = threading.Timer(LAST_SECONDS, lambda: client().send("PUT", PATH, {}, operator=True))
                self._timer.daemon = True
                self._timer.start()


@cache
def _end() -> _End:
    return _End()
