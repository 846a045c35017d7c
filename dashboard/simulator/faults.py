"""The factory's bad days, switched through the backend; they end by themselves."""

import threading
from collections.abc import Callable
from functools import cache
from typing import Any

from dashboard.client import Result, client

PATH = "/api/simulator/faults"
LAST_SECONDS = 600
"""how long a fault stays when nobody switches it off"""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 60.0
"""between two tries to reach the backend, the longer the more often it was in vain"""

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
        end_of_faults().count_anew(any_on=bool(faults_on(result.data)))
    return result


class EndOfFaults:
    """Switches every fault off after a while, and does not give up before the backend has answered."""

    def __init__(
        self,
        *,
        look: Callable[[], Result],
        clear: Callable[[], Result],
        last_seconds: float = LAST_SECONDS,
        first_pause_seconds: float = FIRST_PAUSE_SECONDS,
    ) -> None:
        """``look`` asks which faults are on, ``clear`` switches them off; both say what the backend answered."""
        self._look = look
        self._clear = clear
        self._last_seconds = last_seconds
        self._first_pause = first_pause_seconds
        self._lock = threading.Lock()
        self._called_off = threading.Event()

    def count_anew(self, *, any_on: bool) -> None:
        """Count from now; without a fault there is nothing to count."""
        with self._lock:
            self._called_off.set()
            self._called_off = threading.Event()
            if any_on:
                self._in_background(self._clear_later, self._called_off)

    def count_for_what_is_left(self) -> None:
        """Count from now for faults that are on already; returns at once. Who switched them on counts no more."""
        with self._lock:
            self._in_background(self._find_leftovers, self._called_off)

    def _clear_later(self, called_off: threading.Event) -> None:
        if not called_off.wait(self._last_seconds):
            self._until_answered(self._clear, called_off)

    def _find_leftovers(self, called_off: threading.Event) -> None:
        found = self._until_answered(self._look, called_off)
        if found and found.ok and faults_on(found.data):
            self._clear_later(called_off)

    def _until_answered(self, call: Callable[[], Result], called_off: threading.Event) -> Result | None:
        pause = self._first_pause
        while (result := call()).ailing:
            if called_off.wait(pause):
                return None
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        return result

    @staticmethod
    def _in_background(work: Callable[[threading.Event], None], called_off: threading.Event) -> None:
        threading.Thread(target=work, args=(called_off,), name="end-of-faults", daemon=True).start()


@cache
def end_of_faults() -> EndOfFaults:
    """The end of the faults that this process counts for: all sessions share it."""
    return EndOfFaults(
        look=lambda: client().get(PATH, operator=True),
        clear=lambda: client().send("PUT", PATH, {}, operator=True),
    )
