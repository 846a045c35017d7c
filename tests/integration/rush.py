"""Many at once: what customers, the factory and operators do, in threads of this process or of several.

Run as ``python -m tests.integration.rush`` it is one of the processes: it reads what to do as a line of JSON,
says that it is ready, waits for the word to begin, and prints what came of it; and so on until its input ends.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from backend.services.purchase import PurchaseAnswer
from backend.store.engine import make_engine
from backend.store.unit_of_work import Database
from tests.integration.till import Till, wants

ROOT = Path(__file__).parents[2]
MARK = "> "
"""Before what a process of the crowd has to say, among the lines that the services log."""


@dataclass(frozen=True)
class Deed:
    """What somebody does: ``buy``, ``deliver``, ``restock``, ``cancel``; or ``sell`` a whole list."""

    kind: str
    subject: str = ""
    quantity: int = 1
    name: str | None = None
    wishes: Sequence[tuple[str, int, str | None]] = ()


@dataclass(frozen=True)
class Answer:
    """What came of it: an outcome or the name of an exception, and the ids that it was answered with."""

    what: str
    purchase_id: str | None = None
    replenishment_id: str | None = None


def in_threads(till: Till, deeds: Sequence[Deed], *, threads: int) -> list[Answer]:
    """Do everything with so many hands, which begin together; an answer for each, in the same order."""
    start = threading.Barrier(threads)

    def hand(number: int) -> list[Answer]:
        start.wait()
        return [_do(till, deed) for deed in deeds[number::threads]]

    with ThreadPoolExecutor(threads) as pool:
        done = list(pool.map(hand, range(threads)))
    return _in_order(done, count=len(deeds))


class Crowd:
    """Several processes, started once and sent from one rush to the next."""

    def __init__(self, *, processes: int) -> None:
        command = [sys.executable, "-m", "tests.integration.rush"]
        self._processes = [
            subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(processes)
        ]

    def do(self, database_url: str, deeds: Sequence[Deed], *, threads: int = 4) -> list[Answer]:
        """Do everything, beginning together; an answer for each, in the same order."""
        for number, process in enumerate(self._processes):
            mine = [asdict(deed) for deed in deeds[number :: len(self._processes)]]
            _say(process, json.dumps({"database_url": database_url, "threads": threads, "deeds": mine}))
        for process in self._processes:
            assert _hear(process) == "ready"
        for process in self._processes:
            _say(process, "go")
        done = [[Answer(**answer) for answer in json.loads(_hear(one))] for one in self._processes]
        return _in_order(done, count=len(deeds))

    def stop(self) -> None:
        """End the processes."""
        for process in self._processes:
            process.kill()
            process.communicate()


def _say(process: "subprocess.Popen[str]", line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def _hear(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    while line := process.stdout.readline():
        if line.startswith(MARK):
            return line.removeprefix(MARK).strip()
    raise AssertionError(f"a process of the crowd ended with {process.wait()}")


def _in_order(done: Sequence[list[Answer]], *, count: int) -> list[Answer]:
    return [done[number % len(done)][number // len(done)] for number in range(count)]


def _do(till: Till, deed: Deed) -> Answer:
    try:
        if deed.kind == "buy":
            return _buy(till, deed)
        if deed.kind == "sell":
            return _sell(till, deed)
        if deed.kind == "deliver":
            till.deliver(deed.subject, deed.quantity, delivery_id=deed.name or "")
            return Answer("received")
        if deed.kind == "cancel":
            return Answer(till.cancel(deed.subject).status.value)
        made = till.restock(deed.quantity, sku=deed.subject)
        return Answer("made" if made.created else "found", replenishment_id=made.replenishment.id)
    except Exception as error:
        return Answer(type(error).__name__)


def _buy(till: Till, deed: Deed) -> Answer:
    [answer] = till.sell(wants(deed.quantity, sku=deed.subject, key=deed.name))
    if not isinstance(answer, PurchaseAnswer):
        return Answer(type(answer).__name__)
    purchase = answer.purchase
    return Answer(purchase.outcome.value, purchase.id, purchase.replenishment_id)


def _sell(till: Till, deed: Deed) -> Answer:
    answers = till.sell(*(wants(quantity, sku=sku, key=key) for sku, quantity, key in deed.wishes))
    outcomes = [
        answer.purchase.outcome.value if isinstance(answer, PurchaseAnswer) else type(answer).__name__
        for answer in answers
    ]
    return Answer(" ".join(outcomes))


def _main() -> None:
    for line in sys.stdin:
        task = json.loads(line)
        database = Database(make_engine(database_url=task["database_url"], connections=task["threads"]))
        deeds = [Deed(**deed) for deed in task["deeds"]]
        with database.snapshot():
            _tell("ready")
        sys.stdin.readline()
        answers = in_threads(Till(database), deeds, threads=min(task["threads"], len(deeds)))
        database.dispose()
        _tell(json.dumps([asdict(answer) for answer in answers]))


def _tell(words: str) -> None:
    print(f"{MARK}{words}", flush=True)  # noqa: T201


if __name__ == "__main__":
    _main()
