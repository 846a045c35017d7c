"""Statements on the checks: a row for each thing that one worker of many does at a time."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import insert, or_, select, update

from backend.store.tables import alert_check
from backend.store.unit_of_work import Transaction


class Check(StrEnum):
    """Writing alerts, and looking through the whole ledger."""

    ALERT = "alert"
    DRIFT = "drift"


def lock_check(transaction: Transaction, check: Check) -> None:
    """Keep everybody else from this check until the transaction ends.

    Raises:
        UniqueViolation: another is making the row for the first time (raised by the unit of work).
    """
    mine = alert_check.c.name == check.value
    if transaction.execute(select(alert_check.c.name).where(mine).with_for_update()).first() is None:
        transaction.execute(insert(alert_check).values(name=check.value))


def claim_check(transaction: Transaction, check: Check, *, now: datetime, every: timedelta) -> bool:
    """Take on a check that was not begun for ``every``; False where it was. Locks it."""
    lock_check(transaction, check)
    is_due = or_(alert_check.c.checked_at.is_(None), alert_check.c.checked_at <= now - every)
    claimed = update(alert_check).where(alert_check.c.name == check.value, is_due).values(checked_at=now)
    return transaction.execute(claimed).rowcount == 1


def is_due(transaction: Transaction, check: Check, *, now: datetime, every: timedelta) -> bool:
    """Whether a check was not begun for ``every``; takes no lock."""
    begun = select(alert_check.c.checked_at).where(alert_check.c.name == check.value)
    checked_at = transaction.execute(begun).scalar()
    return checked_at is None or checked_at <= now - every


def make_due(transaction: Transaction, check: Check) -> None:
    """Have it done again soon, whenever it was done."""
    mine = alert_check.c.name == check.value
    transaction.execute(update(alert_check).where(mine).values(checked_at=None))
