"""Statements on purchases."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from backend.domain.purchase import Purchase
from backend.domain.sale import Outcome
from backend.store.inserting import without_empty_columns
from backend.store.tables import purchase
from backend.store.unit_of_work import Transaction

ADD_PURCHASE = insert(purchase)
COLUMNS = [column for column in purchase.c if column.name != "idempotency_expires_at"]


def get_purchase(transaction: Transaction, purchase_id: str) -> Purchase | None:
    """One purchase, or None."""
    return next(iter(list_purchases_by_id(transaction, [purchase_id])), None)


def list_purchases_by_id(transaction: Transaction, ids: Collection[str]) -> list[Purchase]:
    """The purchases there are of these."""
    return [_read(row) for row in transaction.execute(select(*COLUMNS).where(purchase.c.id.in_(ids)))]


def list_purchases_by_key(transaction: Transaction, keys: Collection[str]) -> list[Purchase]:
    """The purchases whose idempotency key is one of these."""
    found = transaction.execute(select(*COLUMNS).where(purchase.c.idempotency_key.in_(keys)))
    return [_read(row) for row in found]


def list_recent_purchases(transaction: Transaction, *, before: str | None, limit: int) -> list[Purchase]:
    """At most ``limit`` purchases, newest first, those older than purchase ``before``: ids sort by time."""
    statement = select(*COLUMNS)
    if before is not None:
        statement = statement.where(purchase.c.id < before)
    return [_read(row) for row in transaction.execute(statement.order_by(purchase.c.id.desc()).limit(limit))]


def add_purchases(
    transaction: Transaction, added: Sequence[Purchase], *, idempotency_retention: timedelta
) -> None:
    """Insert purchases, in order of their keys: writers that insert the same keys then never deadlock.

    Raises:
        UniqueViolation: an idempotency key is taken (raised by the unit of work).
    """
    ordered = sorted(added, key=lambda one: (one.idempotency_key or "", one.id))
    rows = [
        {
            "id": one.id,
            "sku": one.sku,
            "quantity": one.quantity,
            "unit_price": one.unit_price,
            "outcome": one.outcome.value,
            "replenishment_id": one.replenishment_id,
            "idempotency_key": one.idempotency_key,
            "request_hash": one.request_hash,
            "idempotency_expires_at": one.created_at + idempotency_retention if one.idempotency_key else None,
            "created_at": one.created_at,
        }
        for one in ordered
    ]
    transaction.execute(ADD_PURCHASE, without_empty_columns(rows))


def forget_idempotency_keys(transaction: Transaction, *, now: datetime, limit: int) -> int:
    """Free the keys that are past their retention, at most ``limit``; how many there were."""
    expired = select(purchase.c.id).where(purchase.c.idempotency_expires_at < now).limit(limit)
    ids = list(transaction.execute(expired).scalars())
    if ids:
        transaction.execute(
            update(purchase)
            .where(purchase.c.id.in_(ids))
            .values(idempotency_key=None, request_hash=None, idempotency_expires_at=None)
        )
    return len(ids)


def _read(row: Row[Any]) -> Purchase:
    return Purchase(**{**row._mapping, "outcome": Outcome(row.outcome)})
