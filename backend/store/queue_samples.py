"""Statements on samples of the queues' depth."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select

from backend.store.tables import queue_sample
from backend.store.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class QueueSample:
    """How many messages there were at a moment: waiting, being handled, and given up."""

    at: datetime
    visible: int
    in_flight: int
    dead_letters: int


def get_latest_sample_time(transaction: Transaction) -> datetime | None:
    """When the last sample was taken, or None."""
    found: datetime | None = transaction.execute(select(func.max(queue_sample.c.at))).scalar()
    return found


def add_sample(transaction: Transaction, sample: QueueSample) -> None:
    """Insert a sample.

    Raises:
        UniqueViolation: there is one of this moment (raised by the unit of work).
    """
    transaction.execute(
        insert(queue_sample).values(
            at=sample.at,
            visible=sample.visible,
            in_flight=sample.in_flight,
            dead_letters=sample.dead_letters,
        )
    )


def list_samples(transaction: Transaction, *, since: datetime, limit: int) -> Sequence[QueueSample]:
    """The latest samples since a moment, at most ``limit``, oldest first."""
    statement = (
        select(queue_sample).where(queue_sample.c.at >= since).order_by(queue_sample.c.at.desc()).limit(limit)
    )
    return [QueueSample(**row._mapping) for row in transaction.execute(statement)][::-1]


def delete_samples(transaction: Transaction, *, before: datetime) -> int:
    """Delete the samples taken before a moment; how many there were."""
    return transaction.execute(delete(queue_sample).where(queue_sample.c.at < before)).rowcount
