"""What a run is told by: purchases, faults by kind, duplicates absorbed, repairs."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.chaos.buyers import Till
from tests.chaos.plan import Fault
from tests.chaos.settling import Settled
from tests.integration.books import Books

LONGEST_SHOWN = 300
UNEXPECTED = ("unexpected error", "job_failed", "Traceback (most recent call last)")


class Logs:
    """What the programs wrote, line by line."""

    def __init__(self, folder: Path) -> None:
        self.events: Counter[str] = Counter()
        self.unexpected: list[str] = []
        for path in sorted(folder.glob("*.log")):
            for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
                self._read(path.name, line)

    def _read(self, name: str, line: str) -> None:
        try:
            entry = json.loads(line)
            event = str(entry["event"])
        except (ValueError, KeyError, TypeError):
            entry, event = {}, line
        self.events[event] += 1
        if any(word in line for word in UNEXPECTED):
            cause = str(entry.get("exception", "")).strip().rpartition("\n")[2]
            self.unexpected.append(f"{name} logged {event!r} {cause}"[:LONGEST_SHOWN])


def tell_figures(
    *,
    till: Till,
    deeds: Counter[str],
    faults: Sequence[Fault],
    books: Books,
    logs: Logs,
    settled: Settled,
) -> str:
    """The figures of a run, as text."""
    outcomes = Counter(one.outcome for one in till.bought)
    written = {row["idempotency_key"]: row["created_at"] for row in books["purchase"]}
    found = sum(written[one.key] < one.asked_last for one in till.bought if one.key in written)
    statuses = Counter(row["status"] for row in books["replenishment"])
    events = logs.events
    return _table(
        {
            "purchases": {"sold": outcomes["sold"], "out of stock": outcomes["out_of_stock"]},
            "requests for them": {"sent": sum(one.requests for one in till.bought)},
            "requests that were not answered": dict(till.refusals.most_common()),
            "deeds of the operator": dict(deeds.most_common()),
            "replenishments": dict(statuses.most_common()),
            "faults": dict(Counter(fault.kind for fault in faults).most_common()),
            "duplicates absorbed": {
                "purchases asked for again after they were kept": found,
                "purchases repeated on purpose": till.repeats,
                "deliveries told again": events["delivery repeated"],
                "orders repeated to the factory": events["order_repeated"],
            },
            "repairs": {
                "published again by the sweep": events["published again"],
                "late, the factory was asked again": sum(
                    count for event, count in events.items() if event.startswith("late; ")
                ),
                "batches sold one by one": events["a batch failed and is sold one by one"],
                "dead letters redriven at the end": settled.redriven,
            },
            "in order again after": {"seconds": round(settled.seconds, 1)},
        }
    )


def _table(chapters: dict[str, dict[str, int | float]]) -> str:
    lines = []
    for chapter, counts in chapters.items():
        total = sum(counts.values())
        lines.append(f"{chapter}: {total}")
        if len(counts) > 1:
            lines += [f"    {count:>7}  {name}" for name, count in counts.items()]
    return "\n".join(lines)
