"""Statements on the ledger."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select

from backend.domain.movement import Kind, Movement
from backend.store.inserting import without_empty_columns
from backend.store.tables import product, stock_movement
from backend.store.unit_of_work import Transaction

ADD_MOVEMENT = insert(stock_movement)
FIRST_BY_ID = "FORCE INDEX (ix_stock_movement_sku_id)"
"""MariaDB uses the index for the sku alone otherwise, and reads a page far down from the top."""

IN_ORDER_OF_ID = "FORCE INDEX (PRIMARY)"
"""By the sku's index, to which the sum by sku tempts, every line would be looked up by itself."""
LINES_AT_A_TIME = 100_000


@dataclass(frozen=True, slots=True)
class Drift:
    """A product whose shelf is not what its ledger says. Quantities are units."""

    sku: str
    on_hand: int
    ledger: int


@dataclass(frozen=True, slots=True)
class NewMovement:
    """A line to write. ``quantity`` is signed units."""

    sku: str
    quantity: int
    on_hand_after: int
    kind: Kind
    reference: str | None
    actor: str
    reason: str | None = None


def add_movements(transaction: Transaction, added: Sequence[NewMovement], *, now: datetime) -> None:
    """Write lines in the given order."""
    rows = [
        {
            "sku": one.sku,
            "quantity": one.quantity,
            "on_hand_after": one.on_hand_after,
            "kind": one.kind.value,
            "reference": one.reference,
            "actor": one.actor,
            "reason": one.reason,
            "created_at": now,
        }
        for one in added
    ]
    transaction.execute(ADD_MOVEMENT, without_empty_columns(rows))


def list_movements(transaction: Transaction, sku: str, *, before: int | None, limit: int) -> list[Movement]:
    """At most ``limit`` lines of a product, newest first, those older than line ``before``."""
    statement = select(stock_movement).where(stock_movement.c.sku == sku)
    statement = statement.with_hint(stock_movement, FIRST_BY_ID, "mysql")
    if before is not None:
        statement = statement.where(stock_movement.c.id < before)
    statement = statement.order_by(stock_movement.c.id.desc()).limit(limit)
    return [_read(row) for row in transaction.execute(statement)]


def get_movement(transaction: Transaction, movement_id: int) -> Movement:
    """One line of the ledger, which must be there: lines are never deleted."""
    return _read(transaction.execute(select(stock_movement).where(stock_movement.c.id == movement_id)).one())


def sum_movements(transaction: Transaction, sku: str) -> int:
    """What the ledger says stands on the shelf, in units."""
    total = select(func.coalesce(func.sum(stock_movement.c.quantity), 0)).where(stock_movement.c.sku == sku)
    return int(transaction.execute(total).scalar_one())


def list_drift(transaction: Transaction) -> list[Drift]:
    """Every product whose ``on_hand`` is not the sum of its movements."""
    ledger = _sum_all_movements(transaction)
    shelves = transaction.execute(select(product.c.sku, product.c.on_hand).order_by(product.c.sku))
    return [
        Drift(sku=row.sku, on_hand=row.on_hand, ledger=ledger[row.sku])
        for row in shelves
        if row.on_hand != ledger[row.sku]
    ]


def _sum_all_movements(transaction: Transaction) -> Counter[str]:
    """What the ledger says of each product, added up in parts: no statement takes longer the older the shop is."""
    total: Counter[str] = Counter()
    lines, line = stock_movement, stock_movement.c.id
    end = transaction.execute(select(func.coalesce(func.max(line), 0))).scalar_one()
    sums = select(lines.c.sku, func.sum(lines.c.quantity).label("quantity")).group_by(lines.c.sku)
    sums = sums.with_hint(lines, IN_ORDER_OF_ID, "mysql")
    for start in range(0, end, LINES_AT_A_TIME):
        for row in transaction.execute(sums.where(line > start, line <= start + LINES_AT_A_TIME)):
            total[row.sku] += int(row.quantity)
    return total


def _read(row: Row[Any]) -> Movement:
    return Movement(**{**row._mapping, "kind": Kind(row.kind)})
