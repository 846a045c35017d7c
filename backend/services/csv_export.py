"""Export: products and ledger as rows, read page by page."""

from collections.abc import Iterator, Sequence

from backend.domain.movement import Movement
from backend.domain.product import Product
from backend.store.movements import list_movements
from backend.store.products import list_products
from backend.store.unit_of_work import Database, attempts

PAGE = 1000
PRODUCT_COLUMNS = (
    "sku",
    "name",
    "name_en",
    "price",
    "factory_id",
    "on_hand",
    "reorder_point",
    "lot_size",
    "archived",
)
MOVEMENT_COLUMNS = (
    "id",
    "sku",
    "quantity",
    "on_hand_after",
    "kind",
    "reference",
    "actor",
    "reason",
    "created_at",
)


def export_products(*, database: Database) -> Iterator[Sequence[object]]:
    """The names of the columns, then every product, archived ones too, in order of sku.

    Raises:
        DatabaseUnavailable: the database was lost, at the beginning or on the way.
    """
    page = _read_products(database, after="")
    yield PRODUCT_COLUMNS
    while page:
        for product in page:
            yield (
                product.sku,
                product.name,
                product.name_en,
                product.price,
                product.factory_id,
                product.on_hand,
                product.reorder_point,
                product.lot_size,
                "false" if product.archived_at is None else "true",
            )
        page = _read_products(database, after=page[-1].sku) if len(page) == PAGE else []


def export_movements(*, database: Database, sku: str) -> Iterator[Sequence[object]]:
    """The names of the columns, then every line of a product's ledger, newest first. Times are RFC 3339 UTC.

    Raises:
        DatabaseUnavailable: the database was lost, at the beginning or on the way.
    """
    page = _read_movements(database, sku, before=None)
    yield MOVEMENT_COLUMNS
    while page:
        for movement in page:
            yield (
                movement.id,
                movement.sku,
                movement.quantity,
                movement.on_hand_after,
                movement.kind.value,
                movement.reference,
                movement.actor,
                movement.reason,
                movement.created_at.isoformat().replace("+00:00", "Z"),
            )
        page = _read_movements(database, sku, before=page[-1].id) if len(page) == PAGE else []


def _read_products(database: Database, *, after: str) -> list[Product]:
    for attempt in attempts():
        with attempt, database.snapshot() as transaction:
            page = list_products(transaction, after=after, limit=PAGE, with_archived=True)
    return page


def _read_movements(database: Database, sku: str, *, before: int | None) -> list[Movement]:
    for attempt in attempts():
        with attempt, database.snapshot() as transaction:
            page = list_movements(transaction, sku, before=before, limit=PAGE)
    return page
