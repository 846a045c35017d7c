"""Statements on replenishments.

Whoever opens or closes one, or changes what it still brings, has locked its product first. Notes on its way
(published, ordered, failed) are guarded by status instead: a callback may come before the note that the order
was placed.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, insert, or_, select, update

from backend.domain.replenishment import AWAITING_DELIVERY, NOT_YET_ORDERED, OPEN, Replenishment, Status
from backend.store.dialect_functions import seconds_between
from backend.store.tables import outbox, replenishment
from backend.store.unit_of_work import Transaction

COLUMNS = [column for column in replenishment.c if column.name != "open_key"]
LONGEST_ERROR = 500
LEAD_TIMES_OBSERVED = 10


def add_replenishment(transaction: Transaction, values: dict[str, Any]) -> Replenishment:
    """Insert an open replenishment of a locked product; its number is counted up.

    Raises:
        UniqueViolation: the product has an open one (raised by the unit of work).
    """
    opened = values | {
        "received_quantity": 0,
        "status": Status.REQUESTED.value,
        "open_key": values["sku"],
        "attempts": 0,
    }
    inserted = transaction.execute(insert(replenishment).values(opened))
    number = replenishment.c.number == inserted.lastrowid
    return _read(transaction.execute(select(*COLUMNS).where(number)).one())


def get_replenishment(transaction: Transaction, replenishment_id: str) -> Replenishment | None:
    """One replenishment, or None."""
    return next(iter(list_replenishments_by_id(transaction, [replenishment_id])), None)


def list_replenishments_by_id(transaction: Transaction, ids: Collection[str]) -> list[Replenishment]:
    """The replenishments there are of these."""
    return _list(transaction, replenishment.c.id.in_(ids))


def list_open_replenishments(transaction: Transaction, skus: Collection[str]) -> dict[str, Replenishment]:
    """The open replenishment of each product that has one, by sku."""
    return {one.sku: one for one in _list(transaction, replenishment.c.open_key.in_(skus))}


def get_open_replenishment(transaction: Transaction, sku: str) -> Replenishment | None:
    """The product's open replenishment, or None."""
    return list_open_replenishments(transaction, [sku]).get(sku)


def list_replenishments(
    transaction: Transaction,
    *,
    before: int | None = None,
    limit: int,
    sku: str | None = None,
    only_open: bool = False,
) -> list[Replenishment]:
    """At most ``limit`` replenishments, newest first, those with a number below ``before``."""
    conditions = [
        replenishment.c.number < before if before is not None else None,
        replenishment.c.sku == sku if sku is not None else None,
        replenishment.c.open_key.is_not(None) if only_open else None,
    ]
    statement = select(*COLUMNS).where(*(condition for condition in conditions if condition is not None))
    statement = statement.order_by(replenishment.c.number.desc()).limit(limit)
    return [_read(row) for row in transaction.execute(statement)]


def list_dead_lettered(transaction: Transaction) -> list[Replenishment]:
    """The open replenishments whose message was given up, oldest first."""
    return _list(transaction, replenishment.c.open_key.is_not(None), replenishment.c.dead_lettered_at.is_not(None))


def list_overdue(transaction: Transaction, *, before: datetime) -> list[Replenishment]:
    """The open replenishments requested, or if they are ordered, ordered before ``before``; no dead letters."""
    since = func.coalesce(replenishment.c.ordered_at, replenishment.c.requested_at)
    is_open, is_dead = replenishment.c.open_key.is_not(None), replenishment.c.dead_lettered_at.is_not(None)
    return _list(transaction, is_open, ~is_dead, since < before)


def get_observed_lead_time(transaction: Transaction, sku: str) -> timedelta | None:
    """The mean time from request to receipt of the last ten received, or None where none was."""
    statement = (
        select(replenishment.c.requested_at, replenishment.c.received_at)
        .where(replenishment.c.sku == sku, replenishment.c.received_at.is_not(None))
        .order_by(replenishment.c.received_at.desc())
        .limit(LEAD_TIMES_OBSERVED)
    )
    times = [row.received_at - row.requested_at for row in transaction.execute(statement)]
    return sum(times, timedelta()) / len(times) if times else None


def mark_published(transaction: Transaction, replenishment_id: str, *, now: datetime) -> None:
    """Note since when the message is on its way (also of one published again).

    A quick worker may have placed the order, or the factory delivered, before this is noted.
    """
    condition = replenishment.c.id == replenishment_id
    _update(transaction, condition, NOT_YET_ORDERED, published_at=now)
    _update(transaction, condition, tuple(Status), replenishment.c.published_at.is_(None), published_at=now)
    _update(transaction, condition, (Status.REQUESTED,), status=Status.PUBLISHED.value)


def mark_ordered(transaction: Transaction, replenishment_id: str, *, now: datetime) -> bool:
    """Note that the factory took the order; False where it was closed or delivered meanwhile."""
    return _update(
        transaction,
        replenishment.c.id == replenishment_id,
        NOT_YET_ORDERED,
        status=Status.ORDERED.value,
        ordered_at=now,
        dead_lettered_at=None,
        last_error=None,
    )


def mark_failed(
    transaction: Transaction, replenishment_id: str, *, error: str, dead_lettered_at: datetime | None
) -> bool:
    """Note a failed attempt to order, and that it was the last where ``dead_lettered_at`` is given."""
    return _update(
        transaction,
        replenishment.c.id == replenishment_id,
        NOT_YET_ORDERED,
        attempts=replenishment.c.attempts + 1,
        last_error=error[:LONGEST_ERROR],
        dead_lettered_at=dead_lettered_at,
    )


def mark_error(transaction: Transaction, replenishment_id: str, *, error: str) -> bool:
    """Note what went wrong with an order that awaits its delivery."""
    condition = replenishment.c.id == replenishment_id
    return _update(transaction, condition, AWAITING_DELIVERY, last_error=error[:LONGEST_ERROR])


def mark_redriven(transaction: Transaction, replenishment_id: str, *, now: datetime) -> bool:
    """Take it out of the dead letters, with its attempts counted anew."""
    return _update(
        transaction,
        replenishment.c.id == replenishment_id,
        NOT_YET_ORDERED,
        dead_lettered_at=None,
        attempts=0,
        published_at=now,
    )


def claim_late(transaction: Transaction, replenishment_id: str, *, now: datetime, late_before: datetime) -> bool:
    """Take on asking the factory again; False where another has, or it was delivered."""
    return _update(
        transaction,
        replenishment.c.id == replenishment_id,
        AWAITING_DELIVERY,
        replenishment.c.ordered_at < late_before,
        or_(replenishment.c.asked_at.is_(None), replenishment.c.asked_at < late_before),
        asked_at=now,
    )


def receive(
    transaction: Transaction, replenishment_id: str, *, received_quantity: int, status: Status, now: datetime
) -> None:
    """Write what a delivery made of an open replenishment of a locked product."""
    closed = {"open_key": None, "received_at": now} if status is Status.RECEIVED else {}
    transaction.execute(
        update(replenishment)
        .where(replenishment.c.id == replenishment_id)
        .values(
            received_quantity=received_quantity,
            status=status.value,
            ordered_at=func.coalesce(replenishment.c.ordered_at, now),
            dead_lettered_at=None,
            last_error=None,
            **closed,
        )
    )


def cancel(transaction: Transaction, replenishment_id: str, *, although_ordered: bool, now: datetime) -> bool:
    """Close a replenishment of a locked product; False where it is closed, or ordered and that matters."""
    return _update(
        transaction,
        replenishment.c.id == replenishment_id,
        OPEN if although_ordered else NOT_YET_ORDERED,
        status=Status.CANCELLED.value,
        open_key=None,
        cancelled_at=now,
    )


def list_observed_lead_times(transaction: Transaction, *, of_the_last: int = 500) -> dict[str, timedelta]:
    """The mean lead time of each product with receipts among the last replenishments: at most ten of each."""
    statement = (
        select(replenishment.c.sku, replenishment.c.requested_at, replenishment.c.received_at)
        .order_by(replenishment.c.number.desc())
        .limit(of_the_last)
    )
    times: dict[str, list[timedelta]] = defaultdict(list)
    for row in transaction.execute(statement):
        if row.received_at is not None and len(times[row.sku]) < LEAD_TIMES_OBSERVED:
            times[row.sku].append(row.received_at - row.requested_at)
    return {sku: sum(some, timedelta()) / len(some) for sku, some in times.items() if some}


def get_oldest_published(transaction: Transaction) -> datetime | None:
    """Since when the oldest replenishment waits on the queue to be ordered, or None; no dead letters."""
    statement = select(func.min(replenishment.c.published_at)).where(
        replenishment.c.open_key.is_not(None),
        replenishment.c.status == Status.PUBLISHED.value,
        replenishment.c.dead_lettered_at.is_(None),
    )
    found: datetime | None = transaction.execute(statement).scalar()
    return found


def count_open_replenishments(transaction: Transaction) -> int:
    """How many are neither received nor cancelled."""
    statement = select(func.count()).where(replenishment.c.open_key.is_not(None))
    return int(transaction.execute(statement).scalar_one())


def count_lead_times(transaction: Transaction, *, bounds: Sequence[int]) -> tuple[list[int], int, float]:
    """How many received replenishments took up to each bound (seconds), how many there are, and their sum."""
    seconds = seconds_between(replenishment.c.requested_at, replenishment.c.received_at)
    counts = [func.sum(case((seconds <= bound, 1), else_=0)).label(f"up_to_{bound}") for bound in bounds]
    totals = [func.count().label("count"), func.coalesce(func.sum(seconds), 0).label("sum")]
    received = replenishment.c.status == Status.RECEIVED.value
    row = transaction.execute(select(*totals, *counts).where(received)).one()._mapping
    return [int(row[f"up_to_{bound}"] or 0) for bound in bounds], int(row["count"]), float(row["sum"])


def list_forgotten(
    transaction: Transaction, *, before: datetime, limit: int, sku: str | None = None
) -> list[Replenishment]:
    """Replenishments not ordered since ``before``, with no message waiting and not dead-lettered."""
    waiting = select(outbox.c.id).where(
        outbox.c.replenishment_id == replenishment.c.id, outbox.c.published_at.is_(None)
    )
    since = func.coalesce(replenishment.c.published_at, replenishment.c.requested_at)
    statement = (
        select(*COLUMNS)
        .where(
            replenishment.c.open_key.is_not(None) if sku is None else replenishment.c.open_key == sku,
            replenishment.c.status.in_(NOT_YET_ORDERED),
            replenishment.c.dead_lettered_at.is_(None),
            since < before,
            ~waiting.exists(),
        )
        .limit(limit)
    )
    return [_read(row) for row in transaction.execute(statement)]


def list_late(transaction: Transaction, *, before: datetime, limit: int) -> list[Replenishment]:
    """Replenishments ordered before ``before``, not received, not asked after since; the longest late first."""
    statement = (
        select(*COLUMNS)
        .where(
            replenishment.c.open_key.is_not(None),
            replenishment.c.status.in_(AWAITING_DELIVERY),
            replenishment.c.ordered_at < before,
            or_(replenishment.c.asked_at.is_(None), replenishment.c.asked_at < before),
        )
        .order_by(func.coalesce(replenishment.c.asked_at, replenishment.c.ordered_at))
        .limit(limit)
    )
    return [_read(row) for row in transaction.execute(statement)]


def _list(transaction: Transaction, *conditions: ColumnElement[bool]) -> list[Replenishment]:
    statement = select(*COLUMNS).where(*conditions).order_by(replenishment.c.number)
    return [_read(row) for row in transaction.execute(statement)]


def _update(
    transaction: Transaction,
    condition: ColumnElement[bool],
    statuses: Collection[Status],
    *others: ColumnElement[bool],
    **values: Any,
) -> bool:
    guarded = update(replenishment).where(condition, replenishment.c.status.in_(statuses), *others)
    return transaction.execute(guarded.values(values)).rowcount == 1


def _read(row: Row[Any]) -> Replenishment:
    return Replenishment(**{**row._mapping, "status": Status(row.status)})
