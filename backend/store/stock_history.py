"""Statements on how stock went over time: however long the ledger, few rows are read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice

from sqlalchemy import ColumnElement, Select, bindparam, literal, select, union_all
from sqlalchemy.sql.selectable import CompoundSelect

from backend.store.column_types import UtcDateTime
from backend.store.deliveries import DeliveryOutcome
from backend.store.tables import delivery, replenishment, stock_movement
from backend.store.unit_of_work import Transaction

SEEKS_AT_A_TIME = 100
"""SQLite takes at most 500 parts of a UNION."""
FIRST_BY_TIME = "FORCE INDEX (ix_stock_movement_sku_created_at)"
FIRST_BY_RECEIPT = "FORCE INDEX (ix_replenishment_sku_received_at)"
"""MariaDB uses the index for the sku alone otherwise, and reads from its end all the way to the moment."""


@dataclass(frozen=True, slots=True)
class StockPoint:
    """From ``at`` on there were ``on_hand`` units, until the next point."""

    at: datetime
    on_hand: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """A delivery: ``quantity`` units."""

    at: datetime
    quantity: int
    replenishment_id: str


def get_on_hand_before(transaction: Transaction, sku: str, *, moment: datetime) -> int | None:
    """Units on the shelf just before a moment; None where nothing had moved yet."""
    found: int | None = transaction.execute(_last_on_hand(sku, stock_movement.c.created_at < moment)).scalar()
    return found


def list_every_point(
    transaction: Transaction, sku: str, *, since: datetime, until: datetime, limit: int
) -> list[StockPoint]:
    """Each movement's point in a piece of time, oldest first, at most ``limit``."""
    statement = (
        select(stock_movement.c.created_at, stock_movement.c.on_hand_after)
        .with_hint(stock_movement, FIRST_BY_TIME, "mysql")
        .where(
            stock_movement.c.sku == sku,
            stock_movement.c.created_at >= since,
            stock_movement.c.created_at <= until,
        )
        .order_by(stock_movement.c.created_at, stock_movement.c.id)
        .limit(limit)
    )
    return [StockPoint(at=row.created_at, on_hand=row.on_hand_after) for row in transaction.execute(statement)]


def list_points_at(transaction: Transaction, sku: str, *, moments: Sequence[datetime]) -> list[StockPoint]:
    """The stock at each of these moments, those before the first movement left out; one seek for each."""
    points: list[StockPoint] = []
    for some in _in_parts(moments):
        times = {f"at_{number}": moment for number, moment in enumerate(some)}
        rows = transaction.execute(_seeks(len(some)), [{"sku": sku, **times}])
        on_hand = {row.number: row.on_hand for row in rows}
        points += [
            StockPoint(at=moment, on_hand=on_hand[number])
            for number, moment in enumerate(some)
            if on_hand[number] is not None
        ]
    return points


def list_receipts(
    transaction: Transaction, sku: str, *, since: datetime, until: datetime, limit: int
) -> list[Receipt]:
    """The latest deliveries of a product in a piece of time, oldest first, at most ``limit``.

    A product has one order at a time. So what was delivered in that time was for the orders completed in it, for
    the first one completed after it, or for the one that is open.
    """
    completed = select(replenishment.c.id).with_hint(replenishment, FIRST_BY_RECEIPT, "mysql")
    within = completed.where(
        replenishment.c.sku == sku, replenishment.c.received_at >= since, replenishment.c.received_at <= until
    ).order_by(replenishment.c.received_at.desc())
    after = completed.where(replenishment.c.sku == sku, replenishment.c.received_at > until).order_by(
        replenishment.c.received_at
    )
    opened = select(replenishment.c.id).where(replenishment.c.open_key == sku)
    orders = [
        order
        for statement in (within.limit(limit), after.limit(1), opened)
        for order in transaction.execute(statement).scalars()
    ]
    return _list_deliveries(transaction, orders, since=since, until=until, limit=limit)


def _list_deliveries(
    transaction: Transaction, orders: Sequence[str], *, since: datetime, until: datetime, limit: int
) -> list[Receipt]:
    statement = (
        select(delivery.c.created_at, delivery.c.quantity, delivery.c.replenishment_id)
        .where(
            delivery.c.replenishment_id.in_(orders),
            delivery.c.outcome == DeliveryOutcome.RECEIVED.value,
            delivery.c.created_at >= since,
            delivery.c.created_at <= until,
        )
        .order_by(delivery.c.created_at.desc(), delivery.c.id.desc())
        .limit(limit)
    )
    receipts = [
        Receipt(at=row.created_at, quantity=row.quantity, replenishment_id=row.replenishment_id)
        for row in transaction.execute(statement)
    ]
    return receipts[::-1]


def _last_on_hand(sku: str | ColumnElement[str], *until: ColumnElement[bool]) -> Select[tuple[int]]:
    return (
        select(stock_movement.c.on_hand_after)
        .with_hint(stock_movement, FIRST_BY_TIME, "mysql")
        .where(stock_movement.c.sku == sku, *until)
        .order_by(stock_movement.c.created_at.desc(), stock_movement.c.id.desc())
        .limit(1)
    )


@cache
def _seeks(count: int) -> CompoundSelect[tuple[int, int]]:
    """One SELECT for so many moments. A subquery that depended on another table's rows would find no range."""
    sku = bindparam("sku", type_=stock_movement.c.sku.type)
    moments = [bindparam(f"at_{number}", type_=UtcDateTime()) for number in range(count)]
    return union_all(
        *(
            select(
                literal(number).label("number"),
                _last_on_hand(sku, stock_movement.c.created_at <= moment).scalar_subquery().label("on_hand"),
            )
            for number, moment in enumerate(moments)
        )
    )


def _in_parts(moments: Sequence[datetime]) -> Iterator[list[datetime]]:
    rest = iter(moments)
    while some := list(islice(rest, SEEKS_AT_A_TIME)):
        yield some
