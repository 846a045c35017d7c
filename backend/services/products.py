"""Products: new ones with their opening stock in the ledger, and changes to those there are."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from backend.domain.movement import Kind
from backend.domain.product import Product
from backend.domain.shop import Shop
from backend.services.clock import Clock
from backend.services.operator_record import Operator, record
from backend.services.purchase import UnknownProduct
from backend.services.replenish import reorder_if_short
from backend.store.movements import NewMovement, add_movements
from backend.store.products import add_product, change_product, has_products, lock_product
from backend.store.unit_of_work import Database, Transaction, UniqueViolation, attempts


class SkuTaken(Exception):
    """There is a product of this sku, perhaps archived."""

    def __init__(self, sku: str) -> None:
        super().__init__(f"there is a product {sku!r} already")


@dataclass(frozen=True, slots=True)
class NewProduct:
    """A product to add. ``price`` is KRW; ``on_hand``, ``reorder_point`` and ``lot_size`` are units."""

    sku: str
    name: str
    name_en: str
    price: int
    factory_id: str
    on_hand: int
    reorder_point: int | None
    lot_size: int


def open_shop(*, database: Database, products: list[NewProduct], actor: str, clock: Clock) -> bool:
    """Add the first products; False where the shop has any already.

    Raises:
        DatabaseUnavailable: nothing is kept, or it cannot be told.
    """
    with database.unit_of_work() as transaction:
        if has_products(transaction):
            return False
        for product in products:
            _add(transaction, product, actor=actor, now=clock())
        transaction.commit()
    return True


def create_product(*, database: Database, added: NewProduct, operator: Operator, shop: Shop, clock: Clock) -> None:
    """Add a product; what it has ``on_hand`` is its opening stock.

    Raises:
        SkuTaken: see there.
        DatabaseUnavailable: nothing is kept, or it cannot be told.
    """
    try:
        for attempt in attempts():
            with attempt, database.unit_of_work() as transaction:
                write_new_product(transaction, added=added, operator=operator, shop=shop, now=clock())
                transaction.commit()
    except UniqueViolation as error:
        raise SkuTaken(added.sku) from error


def write_new_product(
    transaction: Transaction, *, added: NewProduct, operator: Operator, shop: Shop, now: datetime
) -> None:
    """Add a product within a transaction.

    Raises:
        UniqueViolation: the sku is taken (raised by the unit of work).
    """
    product = _add(transaction, added, actor=operator.actor, now=now)
    detail = {"name": added.name, "price": added.price, "on_hand": added.on_hand}
    record(
        transaction,
        operator=operator,
        action="create_product",
        subject=added.sku,
        detail=detail,
        shop=shop,
        now=now,
    )
    reorder_if_short(transaction, product=product, on_hand=product.on_hand, shop=shop, now=now)


def update_product(
    *,
    database: Database,
    sku: str,
    changes: dict[str, Any],
    operator: Operator,
    shop: Shop,
    clock: Clock,
) -> None:
    """Change columns of a product, and order if the new policy calls for it.

    Args:
        changes: new values of name, name_en, price, reorder_point, lot_size; ``archived`` True or False.

    Raises:
        UnknownProduct: there is no such product.
        DatabaseUnavailable: nothing is kept, or the same change may be made again.
    """
    for attempt in attempts(uncertain_too=True):
        with attempt, database.unit_of_work() as transaction:
            write_product_changes(transaction, sku=sku, changes=changes, operator=operator, shop=shop, now=clock())
            transaction.commit()


def write_product_changes(
    transaction: Transaction,
    *,
    sku: str,
    changes: dict[str, Any],
    operator: Operator,
    shop: Shop,
    now: datetime,
) -> None:
    """Change a product within a transaction.

    Raises:
        UnknownProduct: there is no such product.
    """
    product = lock_product(transaction, sku)
    if product is None:
        raise UnknownProduct(sku)
    columns: dict[str, Any] = {name: value for name, value in changes.items() if name != "archived"}
    if "archived" in changes:
        columns["archived_at"] = (product.archived_at or now) if changes["archived"] else None
    change_product(transaction, sku, {**columns, "updated_at": now})
    record(
        transaction,
        operator=operator,
        action="change_product",
        subject=sku,
        detail=changes,
        shop=shop,
        now=now,
    )
    changed = replace(product, **columns)
    reorder_if_short(transaction, product=changed, on_hand=product.on_hand, shop=shop, now=now)


def _add(transaction: Transaction, added: NewProduct, *, actor: str, now: datetime) -> Product:
    product = Product(
        sku=added.sku,
        name=added.name,
        name_en=added.name_en,
        price=added.price,
        on_hand=added.on_hand,
        factory_id=added.factory_id,
        reorder_point=added.reorder_point,
        lot_size=added.lot_size,
        archived_at=None,
        created_at=now,
        updated_at=now,
    )
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
        add_movements(transaction, [opening], now=now)
    return product
