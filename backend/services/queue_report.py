"""How deep the queues are and were."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.adapters.sqs import Queue
from backend.services.clock import Clock
from backend.store.queue_samples import QueueSample, list_samples
from backend.store.replenishments import get_oldest_published
from backend.store.unit_of_work import Database, attempts

MOST_SAMPLES = 1000


@dataclass(frozen=True, slots=True)
class QueueReport:
    """Messages waiting, in flight and given up; the oldest's age in seconds; samples, oldest first."""

    at: datetime
    visible: int
    in_flight: int
    dead_letters: int
    oldest_seconds: float | None
    samples: list[QueueSample]


def get_queue_report(
    *, database: Database, queue: Queue, dead_letter_queue: Queue, window: timedelta, clock: Clock
) -> QueueReport:
    """The queues as of now, and samples of the last ``window``.

    Raises:
        QueueUnavailable, DatabaseUnavailable: one of them was not reached.
    """
    depth, dead = queue.depth(), dead_letter_queue.depth()
    for attempt in attempts():
        with attempt, database.snapshot() as transaction:
            now = clock()
            samples = list_samples(transaction, since=now - window, limit=MOST_SAMPLES)
            oldest = get_oldest_published(transaction)
    return QueueReport(
        at=now,
        visible=depth.visible,
        in_flight=depth.in_flight,
        dead_letters=dead.visible + dead.in_flight,
        oldest_seconds=(now - oldest).total_seconds() if oldest else None,
        samples=list(samples),
    )
