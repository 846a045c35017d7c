"""A past for products: ledgers and sales as they would have been written at the time."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import insert

from backend.domain.sale import PurchaseRequest
from backend.services import clock
from backend.services.purchase import sell
from backend.store.tables import stock_movement
from tests.api.shop import Shop

START = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
Ledger = list[tuple[datetime, int]]
"""When, and how many units were on the shelf from then on; oldest first."""


def write_ledger(shop: Shop, sku: str, ledger: Ledger) -> None:
    """Add movements of the past to a product that has none."""
    rows = [
        {
            "sku": sku,
            "quantity": on_hand - before,
            "on_hand_after": on_hand,
            "kind": "adjustment",
            "reference": None,
            "actor": "alice",
            "reason": "told",
            "created_at": at,
        }
        for (at, on_hand), before in zip(ledger, [0, *(on_hand for _, on_hand in ledger)], strict=False)
    ]
    with shop.parts.database.unit_of_work() as transaction:
        if rows:
            transaction.execute(insert(stock_movement), rows)
        transaction.commit()


def sell_at(shop: Shop, sales: Iterable[tuple[datetime, str, int]]) -> None:
    """Let customers buy ``quantity`` of a ``sku`` at moments of the past."""
    for at, sku, quantity in sales:
        wanted = PurchaseRequest(id=clock.new_id(), sku=sku, quantity=quantity)
        sell(database=shop.parts.database, requests=[wanted], shop=shop.parts.shop, clock=partial(_same, at))


def on_hand_at(ledger: Sequence[tuple[datetime, int]], moment: datetime) -> int | None:
    """Units on the shelf at a moment, a movement at that very moment counted; None before the first."""
    past = [on_hand for at, on_hand in ledger if at <= moment]
    return past[-1] if past else None


def rfc3339(moment: datetime) -> str:
    """A moment as a query wants it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse(text: Any) -> datetime:
    """A moment as an answer shows it."""
    return datetime.fromisoformat(str(text))


MICROSECOND = timedelta(microseconds=1)


def _same(moment: datetime) -> datetime:
    return moment
