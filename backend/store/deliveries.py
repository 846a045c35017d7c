"""Statements on deliveries."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import insert, select

from backend.store.tables import delivery
from backend.store.unit_of_work import Transaction


class DeliveryOutcome(StrEnum):
    """What became of a delivery."""

    RECEIVED = "received"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the factory brought, once. ``quantity`` is units."""

    replenishment_id: str
    delivery_id: str
    quantity: int
    outcome: DeliveryOutcome
    created_at: datetime


COLUMNS = [column for column in delivery.c if column.name != "id"]


def get_delivery(transaction: Transaction, *, replenishment_id: str, delivery_id: str) -> Delivery | None:
    """The delivery of this name for this replenishment, or None."""
    deliveries = list_deliveries(transaction, replenishment_id)
    return next((one for one in deliveries if one.delivery_id == delivery_id), None)


def list_deliveries(transaction: Transaction, replenishment_id: str) -> list[Delivery]:
    """Every delivery for a replenishment, oldest first."""
    statement = select(*COLUMNS).where(delivery.c.replenishment_id == replenishment_id).order_by(delivery.c.id)
    return [
        Delivery(**{**row._mapping, "outcome": DeliveryOutcome(row.outcome)})
        for row in transaction.execute(statement)
    ]


def list_recent_deliveries(
    transaction: Transaction, *, before: int | None, limit: int
) -> list[tuple[int, Delivery]]:
    """At most ``limit`` deliveries with their ids, newest first, those older than delivery ``before``."""
    statement = select(delivery)
    if before is not None:
        statement = statement.where(delivery.c.id < before)
    rows = transaction.execute(statement.order_by(delivery.c.id.desc()).limit(limit))
    return [
        (
            row.id,
            Delivery(
                replenishment_id=row.replenishment_id,
                delivery_id=row.delivery_id,
                quantity=row.quantity,
                outcome=DeliveryOutcome(row.outcome),
                created_at=row.created_at,
            ),
        )
        for row in rows
    ]


def add_delivery(transaction: Transaction, added: Delivery) -> None:
    """Insert a delivery.

    Raises:
        UniqueViolation: it was written before (raised by the unit of work).
    """
    values = {column.name: getattr(added, column.name) for column in COLUMNS}
    transaction.execute(insert(delivery).values({**values, "outcome": added.outcome.value}))
