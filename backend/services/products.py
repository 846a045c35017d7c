"""Products: put a new one into the shop, with its opening stock in the ledger."""

from backend.domain.movement import Kind
from backend.domain.product import Product
from backend.services.clock import Clock
from backend.store.movements import NewMovement, add_movements
from backend.store.products import add_product, has_products
from backend.store.unit_of_work import Database, Transaction, UniqueViolation


class SkuTaken(Exception):
    """There is a product of this sku, perhaps archived."""

    def __init__(self, sku: str) -> None:
        super().__init__(f"there is a product {sku!r} already")


def create_product(*, database: Database, product: Product, actor: str) -> Product:
    """Add a product; what it has ``on_hand`` is its opening stock.

    Raises:
        SkuTaken: see there.
        DatabaseUnavailable: nothing is kept, or it cannot be told.
    """
    try:
        with database.unit_of_work() as transaction:
            _add(transaction, product, actor=actor)
            transaction.commit()
    except UniqueViolation as error:
        raise SkuTaken(product.sku) from error
    return product


def open_shop(*, database: Database, products: list[Product], actor: str) -> bool:
    """Add the first products; False where the shop has any already.

    Raises:
        DatabaseUnavailable: nothing is kept, or it cannot be told.
    """
    with database.unit_of_work() as transaction:
        if has_products(transaction):
            return False
        for product in products:
            _add(transaction, product, actor=actor)
        transaction.commit()
    return True


def new_product(
    *,
    sku: str,
    name: str,
    name_en: str,
    price: int,
    on_hand: int,
    factory_id: str,
    reorder_point: int | None,
    lot_size: int,
    clock: Clock,
) -> Product:
    """A product as of now. ``price`` is KRW; ``on_hand``, ``reorder_point`` and ``lot_size`` are units."""
    now = clock()
    return Product(
        sku=sku,
        name=name,
        name_en=name_en,
        price=price,
        on_hand=on_hand,
        factory_id=factory_id,
        reorder_point=reorder_point,
        lot_size=lot_size,
        archived_at=None,
        created_at=now,
        updated_at=now,
    )


def _add(transaction: Transaction, product: Product, *, actor: str) -> None:
    add_product(transaction, product)
    if product.on_hand:
        opening = NewMovement(
            sku=product.sku,
            quantity=product.on_hand,
            on_hand_after=product.on_hand,
            kind=Kind.ADJUSTMENT,
            reference=None,
            actor=actor,
            reason="opening stock",
        )
        add_movements(transaction, [opening], now=product.created_at)
