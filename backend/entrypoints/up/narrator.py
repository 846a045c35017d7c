"""What is said about the programs' lives, and when the summary is shown."""

from collections.abc import Callable, Sequence

from backend.entrypoints.up.configuration import READINESS
from backend.entrypoints.up.console import OWN_NAME, Console


class Narrator:
    """Hears of everything that happens to the programs, and tells what matters on the console.

    The summary is shown once: when every server has answered and no program is down.
    """

    def __init__(self, *, console: Console, programs: Sequence[str], summary: Callable[[], str]) -> None:
        self._console = console
        self._summary = summary
        self._down = set(programs)
        self._died: set[str] = set()
        self._servers_answer = False
        self._is_summary_due = True

    def printed(self, name: str, data: bytes) -> None:
        """A program wrote these bytes to its output."""
        self._console.write(OWN_NAME if name == READINESS else name, data)

    def starting(self, name: str) -> None:
        """A program is being started, for the first time or again."""
        self._down.discard(name)
        self._show_summary_when_due()

    def running(self, name: str) -> None:
        """A program has been up for long enough to count as steady."""
        if name in self._died:
            self._died.discard(name)
            self._console.say(f"{name} runs again")

    def died(self, name: str, *, why: str, pause_seconds: int) -> None:
        """A program ended by itself, and will be started again after a pause."""
        self._console.finish(name)
        self._down.add(name)
        self._died.add(name)
        when = f"in {pause_seconds} s" if pause_seconds else "now"
        self._console.say(f"{name} ended ({why}): starting it again {when}")

    def finished(self, name: str, *, well: bool) -> None:
        """The program that ends when every server answers has ended."""
        self._console.finish(OWN_NAME)
        if well:
            self._servers_answer = True
            self._show_summary_when_due()
        else:
            self._console.say(f"{name} failed: what runs is not known to be ready")

    def stopping(self) -> None:
        """Everything is being stopped."""
        self._is_summary_due = False
        self._console.say("stopping")

    def stopped(self, name: str) -> None:
        """A program has ended because it was told to."""
        self._console.finish(name)

    def _show_summary_when_due(self) -> None:
        if self._is_summary_due and self._servers_answer and not self._down:
            self._is_summary_due = False
            self._console.show(self._summary())
