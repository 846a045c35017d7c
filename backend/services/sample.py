"""Sample: write down how deep the queues are, for the chart."""

from datetime import timedelta

from backend.adapters.sqs import Queue
from backend.services.clock import Clock
from backend.store.queue_samples import QueueSample, add_sample, get_latest_sample_time
from backend.store.unit_of_work import Database, UniqueViolation


def sample_queues(
    *, database: Database, queue: Queue, dead_letter_queue: Queue, every: timedelta, clock: Clock
) -> bool:
    """Take a sample unless another worker has within half of ``every``; whether one was taken.

    Raises:
        QueueUnavailable, DatabaseUnavailable: none was taken.
    """
    waiting, dead = queue.depth(), dead_letter_queue.depth()
    sample = QueueSample(
        at=clock().replace(microsecond=0),
        visible=waiting.visible,
        in_flight=waiting.in_flight,
        dead_letters=dead.visible + dead.in_flight,
    )
    try:
        with database.unit_of_work() as transaction:
            latest = get_latest_sample_time(transaction)
            if latest is not None and sample.at - latest < every / 2:
                return False
            add_sample(transaction, sample)
            transaction.commit()
    except UniqueViolation:  # another worker took one this second
        return False
    return True
