"""Statements on webhook messages: written with what they tell, sent after it, each until it is delivered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update

from backend.store.tables import alert_message
from backend.store.unit_of_work import Transaction

LONGEST_ERROR = 500
UNDELIVERED = alert_message.c.delivered_at.is_(None)


@dataclass(frozen=True, slots=True)
class AlertMessage:
    """A message that this worker may send until its claim runs out."""

    id: str
    body: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many messages wait, and what the last attempt at one of them ended with."""

    messages: int
    last_error: str | None


def add_alert_messages(transaction: Transaction, bodies: Sequence[tuple[str, str]], *, now: datetime) -> None:
    """Write messages, each an id and a body."""
    rows = [{"id": one, "body": body, "attempts": 0, "created_at": now} for one, body in bodies]
    transaction.execute(insert(alert_message), rows)


def may_write_message(transaction: Transaction, *, now: datetime, gather: timedelta) -> bool:
    """Whether every message is delivered, and none was written for as long as ``gather``."""
    last = func.max(alert_message.c.created_at)
    if transaction.execute(select(alert_message.c.id).where(UNDELIVERED).limit(1)).first():
        return False
    written_at = transaction.execute(select(last)).scalar()
    return written_at is None or written_at <= now - gather


def has_claimable_message(transaction: Transaction, *, now: datetime) -> bool:
    """Whether a message waits that nobody is sending; takes no lock."""
    return transaction.execute(select(alert_message.c.id).where(_claimable(now)).limit(1)).first() is not None


def claim_message(transaction: Transaction, *, now: datetime, lease: timedelta) -> AlertMessage | None:
    """Claim the oldest message that waits for the length of ``lease``, or None."""
    columns = (alert_message.c.id, alert_message.c.body, alert_message.c.attempts)
    oldest = select(*columns).where(_claimable(now)).order_by(alert_message.c.id).limit(1)
    row = transaction.execute(oldest.with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    _set(transaction, row.id, claimed_until=now + lease)
    return AlertMessage(**row._mapping)


def mark_delivered(transaction: Transaction, message_id: str, *, now: datetime) -> None:
    """Note that the receiver took it."""
    _set(transaction, message_id, delivered_at=now, claimed_until=None, last_error=None)


def mark_undelivered(transaction: Transaction, message_id: str, *, error: str, retry_at: datetime) -> None:
    """Note that the receiver did not take it, and when to try again."""
    attempts = alert_message.c.attempts + 1
    _set(transaction, message_id, attempts=attempts, last_error=error[:LONGEST_ERROR], claimed_until=retry_at)


def get_waiting_messages(transaction: Transaction) -> Waiting:
    """How many wait, and why."""
    columns = (func.count().label("messages"), func.max(alert_message.c.last_error).label("last_error"))
    return Waiting(**transaction.execute(select(*columns).where(UNDELIVERED)).one()._mapping)


def delete_delivered_messages(transaction: Transaction, *, before: datetime) -> None:
    """Delete messages delivered before ``before``."""
    transaction.execute(delete(alert_message).where(alert_message.c.delivered_at < before))


def _claimable(now: datetime) -> ColumnElement[bool]:
    free = or_(alert_message.c.claimed_until.is_(None), alert_message.c.claimed_until <= now)
    return and_(UNDELIVERED, free)


def _set(transaction: Transaction, message_id: str, **values: Any) -> None:
    transaction.execute(update(alert_message).where(alert_message.c.id == message_id).values(values))
