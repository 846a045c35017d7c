"""Export: products and ledger as rows, read page by page."""

from collections.abc import Iterator
from typing import Any

from backend.store.movements import list_movements
from backend.store.products import list_products
from backend.store.unit_of_work import Database, attempts

PAGE = 1000


def export_products(*, database: Database) -> Iterator[dict[str, Any]]:
    """Every product, archived ones too, in order of sku.

    Raises:
        DatabaseUnavailable: the database was lost on the way.
    """
    after = ""
    while True:
        for attempt in attempts():
            with attempt, database.snapshot() as transaction:
                page = list_products(transaction, after=after, limit=PAGE, with_archived=True)
        for product in page:
            yield {
                "sku": product.sku,
                "name": product.name,
                "name_en": product.name_en,
                "price": product.price,
                "factory_id": product.factory_id,
                "on_hand": product.on_hand,
                "reorder_point": product.reorder_point,
                "lot_size": product.lot_size,
                "archived": str(product.archived_at is not None).lower(),
            }
        if len(page) < PAGE:
            return
        after = page[-1].sku


def export_movements(*, database: Database, sku: str) -> Iterator[dict[str, Any]]:
    """Every line of a product's ledger, newest first.

    Raises:
        DatabaseUnavailable: the database was lost on the way.
    """
    before = None
    while True:
        for attempt in attempts():
            with attempt, database.snapshot() as transaction:
                page = list_movements(transaction, sku, before=before, limit=PAGE)
        for movement in page:
            yield {
                "id": movement.id,
                "sku": movement.sku,
                "quantity": movement.quantity,
                "on_hand_after": movement.on_hand_after,
                "kind": movement.kind.value,
                "reference": movement.reference,
                "actor": movement.actor,
                "reason": movement.reason,
                "created_at": movement.created_at.isoformat(),
            }
        if len(page) < PAGE:
            return
        before = page[-1].id
