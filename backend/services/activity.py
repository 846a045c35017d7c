"""Activity: what happened in the shop, newest first.

It is merged from four tables, each read by its own key from the newest on, so a page costs the same however
long the history. A cursor says how far each was read; what is written after the first page is on none that
follow.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from heapq import merge
from itertools import islice
from typing import Any

from backend.domain.movement import Kind
from backend.domain.replenishment import printed_number
from backend.domain.sale import Outcome
from backend.store.deliveries import DeliveryOutcome, list_recent_deliveries
from backend.store.operator_actions import list_actions
from backend.store.purchases import list_recent_purchases
from backend.store.replenishments import list_replenishments, list_replenishments_by_id
from backend.store.unit_of_work import Database, Transaction, attempts


class Happening(StrEnum):
    """What happened."""

    SALE = "sale"
    OUT_OF_STOCK = "out_of_stock"
    ORDER = "order"
    RECEIPT = "receipt"
    REFUSED_DELIVERY = "refused_delivery"
    RETURN = "return"
    ADJUSTMENT = "adjustment"


@dataclass(frozen=True, slots=True)
class Cursor:
    """Below which key each table is read on; None: from its newest."""

    purchase: str | None = None
    replenishment: int | None = None
    delivery: int | None = None
    action: int | None = None


NOTHING_OLDER: Mapping[str, str | int] = {"purchase": "", "replenishment": 1, "delivery": 1, "action": 1}
"""Where to go on in a table that was empty: what is written to it later is newer than the first page."""


@dataclass(frozen=True, slots=True)
class Activity:
    """One thing that happened. ``quantity`` is units, signed for adjustments."""

    at: datetime
    kind: Happening
    sku: str
    quantity: int
    reference: str
    number: str | None
    actor: str
    source: str
    key: str | int


def list_activity(*, database: Database, cursor: Cursor, limit: int) -> tuple[list[Activity], Cursor | None]:
    """At most ``limit`` things that happened, newest first, and where to go on; None at the end.

    Raises:
        DatabaseUnavailable: the database was not reached.
    """
    for attempt in attempts():
        with attempt, database.snapshot() as transaction:
            sources = {
                "purchase": _read_purchases(transaction, cursor=cursor, limit=limit + 1),
                "replenishment": _read_orders(transaction, cursor=cursor, limit=limit + 1),
                "delivery": _read_deliveries(transaction, cursor=cursor, limit=limit + 1),
                "action": _read_actions(transaction, cursor=cursor, limit=limit + 1),
            }
    newest = list(islice(merge(*sources.values(), key=lambda one: one.at, reverse=True), limit + 1))
    shown = newest[:limit]
    return shown, _advance(cursor, sources, shown) if len(newest) > limit else None


def _advance(cursor: Cursor, sources: Mapping[str, list[Activity]], shown: list[Activity]) -> Cursor:
    reached: dict[str, Any] = {}
    for name, found in sources.items():
        before = getattr(cursor, name)
        reached[name] = before if before is not None else _start(name, found)
    for one in shown:
        reached[one.source] = one.key
    return Cursor(**reached)


def _start(name: str, found: list[Activity]) -> str | int:
    """Just above the newest that was there, so that what is written meanwhile stays out of later pages."""
    if not found:
        return NOTHING_OLDER[name]
    newest = found[0].key
    return newest + 1 if isinstance(newest, int) else f"{newest}~"


def _read_purchases(transaction: Transaction, *, cursor: Cursor, limit: int) -> list[Activity]:
    return [
        Activity(
            at=one.created_at,
            kind=Happening.SALE if one.outcome is Outcome.SOLD else Happening.OUT_OF_STOCK,
            sku=one.sku,
            quantity=one.quantity,
            reference=one.id,
            number=None,
            actor="customer",
            source="purchase",
            key=one.id,
        )
        for one in list_recent_purchases(transaction, before=cursor.purchase, limit=limit)
    ]


def _read_orders(transaction: Transaction, *, cursor: Cursor, limit: int) -> list[Activity]:
    return [
        Activity(
            at=one.requested_at,
            kind=Happening.ORDER,
            sku=one.sku,
            quantity=one.quantity,
            reference=one.id,
            number=printed_number(one.number),
            actor=one.actor,
            source="replenishment",
            key=one.number,
        )
        for one in list_replenishments(transaction, before=cursor.replenishment, limit=limit)
    ]


def _read_deliveries(transaction: Transaction, *, cursor: Cursor, limit: int) -> list[Activity]:
    deliveries = list_recent_deliveries(transaction, before=cursor.delivery, limit=limit)
    ids = {delivery.replenishment_id for _, delivery in deliveries}
    orders = {one.id: one for one in list_replenishments_by_id(transaction, ids)} if ids else {}
    return [
        Activity(
            at=one.created_at,
            kind=Happening.RECEIPT if one.outcome is DeliveryOutcome.RECEIVED else Happening.REFUSED_DELIVERY,
            sku=orders[one.replenishment_id].sku,
            quantity=one.quantity,
            reference=one.replenishment_id,
            number=printed_number(orders[one.replenishment_id].number),
            actor=orders[one.replenishment_id].factory_id,
            source="delivery",
            key=key,
        )
        for key, one in deliveries
    ]


def _read_actions(transaction: Transaction, *, cursor: Cursor, limit: int) -> list[Activity]:
    """Returns and adjustments; what else operators do shows itself elsewhere."""
    shown = {Kind.RETURN.value: Happening.RETURN, Kind.ADJUSTMENT.value: Happening.ADJUSTMENT}
    actions = list_actions(transaction, kinds=tuple(shown), before=cursor.action, limit=limit)
    return [
        Activity(
            at=one.created_at,
            kind=shown[one.action],
            sku=one.subject or "",
            quantity=one.detail["quantity"],
            reference=str(one.id),
            number=None,
            actor=one.actor,
            source="action",
            key=one.id,
        )
        for one in actions
    ]
