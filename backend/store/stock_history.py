"""Statements on how stock went over time, thinned in SQL: however long the ledger, few rows are read."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Float, cast, literal, select

from backend.domain.movement import Kind
from backend.store.dialect_functions import time_after
from backend.store.tables import stock_movement
from backend.store.unit_of_work import Transaction


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


NEWEST_FIRST = (stock_movement.c.created_at.desc(), stock_movement.c.id.desc())


def get_on_hand_at(transaction: Transaction, sku: str, *, at: datetime) -> int | None:
    """Units on the shelf just before a moment; None where nothing had moved yet."""
    statement = (
        select(stock_movement.c.on_hand_after)
        .where(stock_movement.c.sku == sku, stock_movement.c.created_at < at)
        .order_by(*NEWEST_FIRST)
        .limit(1)
    )
    found: int | None = transaction.execute(statement).scalar()
    return found


def list_every_point(
    transaction: Transaction, sku: str, *, since: datetime, until: datetime, limit: int
) -> list[StockPoint]:
    """Each movement's point in a piece of time, oldest first, at most ``limit``."""
    statement = (
        select(stock_movement.c.created_at, stock_movement.c.on_hand_after)
        .where(
            stock_movement.c.sku == sku,
            stock_movement.c.created_at >= since,
            stock_movement.c.created_at <= until,
        )
        .order_by(stock_movement.c.created_at, stock_movement.c.id)
        .limit(limit)
    )
    return [StockPoint(at=row.created_at, on_hand=row.on_hand_after) for row in transaction.execute(statement)]


def list_thinned_points(
    transaction: Transaction, sku: str, *, since: datetime, until: datetime, points: int
) -> list[StockPoint]:
    """The stock at ``points`` moments that part the time equally, the last at ``until``; one seek for each."""
    step = (until - since) / points
    number = select(literal(1).label("number")).cte("moments", recursive=True)
    number = number.union_all(select(number.c.number + 1).where(number.c.number < points))
    moment = time_after(since, cast(number.c.number, Float) * step.total_seconds())
    on_hand = (
        select(stock_movement.c.on_hand_after)
        .where(stock_movement.c.sku == sku, stock_movement.c.created_at <= moment)
        .order_by(*NEWEST_FIRST)
        .limit(1)
        .correlate(number)
        .scalar_subquery()
    )
    rows = transaction.execute(select(number.c.number, on_hand.label("on_hand")).order_by(number.c.number))
    return [
        StockPoint(at=since + step * row.number, on_hand=row.on_hand) for row in rows if row.on_hand is not None
    ]


def list_receipts(
    transaction: Transaction, sku: str, *, since: datetime, until: datetime, limit: int
) -> list[Receipt]:
    """The latest deliveries of a product in a piece of time, oldest first, at most ``limit``."""
    statement = (
        select(stock_movement.c.created_at, stock_movement.c.quantity, stock_movement.c.reference)
        .where(
            stock_movement.c.sku == sku,
            stock_movement.c.kind == Kind.RECEIPT.value,
            stock_movement.c.created_at >= since,
            stock_movement.c.created_at <= until,
        )
        .order_by(*NEWEST_FIRST)
        .limit(limit)
    )
    receipts = [
        Receipt(at=row.created_at, quantity=row.quantity, replenishment_id=row.reference)
        for row in transaction.execute(statement)
    ]
    return receipts[::-1]
