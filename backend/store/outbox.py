"""Statements on the outbox: messages written with the shortage, published after it.

A relay claims rows for a while before it publishes them, so that several relays share the work; a claim whose
relay died runs out, and the row is published by the next. So a message may go out twice, but is never lost.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, or_, select, update

from backend.store.tables import outbox
from backend.store.unit_of_work import Transaction

LONGEST_ERROR = 500


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """A message for the topic."""

    replenishment_id: str
    topic: str
    subject: str
    body: str
    attributes: dict[str, str]
    message_group: str


@dataclass(frozen=True, slots=True)
class ClaimedMessage:
    """A message that this relay may publish until its claim runs out."""

    id: int
    attempts: int
    message: OutboxMessage


@dataclass(frozen=True, slots=True)
class Lag:
    """Messages not yet published, and when the oldest was written."""

    waiting: int
    oldest: datetime | None


def add_message(transaction: Transaction, message: OutboxMessage, *, now: datetime) -> None:
    """Write a message to be published."""
    transaction.execute(
        insert(outbox).values(
            replenishment_id=message.replenishment_id,
            topic=message.topic,
            subject=message.subject,
            body=message.body,
            attributes=json.dumps(message.attributes, ensure_ascii=False),
            message_group=message.message_group,
            attempts=0,
            created_at=now,
        )
    )


def has_claimable(transaction: Transaction, *, now: datetime) -> bool:
    """Whether a message waits that no relay is at; takes no lock."""
    return transaction.execute(select(outbox.c.id).where(_claimable(now)).limit(1)).first() is not None


def claim_messages(
    transaction: Transaction, *, now: datetime, lease: timedelta, limit: int
) -> list[ClaimedMessage]:
    """Claim the oldest waiting messages, at most ``limit``, for the length of ``lease``."""
    statement = select(outbox).where(_claimable(now)).order_by(outbox.c.id).limit(limit)
    rows = transaction.execute(statement.with_for_update(skip_locked=True)).all()
    if rows:
        claimed = update(outbox).where(outbox.c.id.in_([row.id for row in rows]))
        transaction.execute(claimed.values(claimed_until=now + lease))
    return [_read(row) for row in rows]


def release_messages(transaction: Transaction, message_ids: Collection[int]) -> None:
    """Give claimed messages back, for any relay to claim."""
    mine = update(outbox).where(outbox.c.id.in_(message_ids), outbox.c.published_at.is_(None))
    transaction.execute(mine.values(claimed_until=None))


def mark_message_published(transaction: Transaction, message_id: int, *, now: datetime) -> None:
    """Note that the topic took it."""
    done = update(outbox).where(outbox.c.id == message_id)
    transaction.execute(done.values(published_at=now, claimed_until=None, last_error=None))


def mark_message_failed(transaction: Transaction, message_id: int, *, error: str, retry_at: datetime) -> None:
    """Note that the topic did not take it, and when to try again."""
    failed = update(outbox).where(outbox.c.id == message_id)
    transaction.execute(
        failed.values(attempts=outbox.c.attempts + 1, last_error=error[:LONGEST_ERROR], claimed_until=retry_at)
    )


def get_lag(transaction: Transaction) -> Lag:
    """How many messages wait, and since when the oldest does."""
    waiting = select(func.count().label("waiting"), func.min(outbox.c.created_at).label("oldest"))
    row = transaction.execute(waiting.where(outbox.c.published_at.is_(None))).one()
    return Lag(**row._mapping)


def get_latest_message(transaction: Transaction, replenishment_id: str) -> OutboxMessage | None:
    """The message last written for a replenishment, or None where it is past its retention."""
    latest = select(outbox).where(outbox.c.replenishment_id == replenishment_id)
    row = transaction.execute(latest.order_by(outbox.c.id.desc()).limit(1)).first()
    return _read(row).message if row else None


def delete_published(transaction: Transaction, *, before: datetime, limit: int) -> int:
    """Delete messages published before ``before``, at most ``limit``; how many there were."""
    ids = list(
        transaction.execute(select(outbox.c.id).where(outbox.c.published_at < before).limit(limit)).scalars()
    )
    if ids:
        transaction.execute(delete(outbox).where(outbox.c.id.in_(ids)))
    return len(ids)


def _claimable(now: datetime) -> ColumnElement[bool]:
    free = or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until <= now)
    return and_(outbox.c.published_at.is_(None), free)


def _read(row: Row[Any]) -> ClaimedMessage:
    message = OutboxMessage(
        replenishment_id=row.replenishment_id,
        topic=row.topic,
        subject=row.subject,
        body=row.body,
        attributes=json.loads(row.attributes),
        message_group=row.message_group,
    )
    return ClaimedMessage(id=row.id, attempts=row.attempts, message=message)
