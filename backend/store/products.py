"""Statements on products and their shelves."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, Row, Update, bindparam, case, insert, select, update

from backend.domain.product import Product
from backend.store.tables import product
from backend.store.unit_of_work import Transaction

# What every purchase runs is built once: to build a statement is a good part of what it costs.
LOCK_PRODUCTS = (
    select(product)
    .where(product.c.sku.in_(bindparam("skus", expanding=True)))
    .order_by(product.c.sku)
    .with_for_update()
)


@lru_cache(maxsize=256)
def _make_move(products: int) -> Update:
    """Moves so many shelves in one round trip; a sale of many products would take one for each."""
    skus = [bindparam(f"sku_{number}", type_=product.c.sku.type) for number in range(products)]
    moved = case(
        *(
            (product.c.sku == sku, bindparam(f"quantity_{number}", type_=Integer))
            for number, sku in enumerate(skus)
        )
    )
    return (
        update(product)
        .where(product.c.sku.in_(skus), product.c.on_hand >= -moved)
        .values(on_hand=product.c.on_hand + moved, updated_at=bindparam("now"))
    )


class ShelfTooLow(Exception):
    """A write would have taken more than there is: the shelf was not locked before it was read."""


def get_product(transaction: Transaction, sku: str) -> Product | None:
    """One product, or None."""
    row = transaction.execute(select(product).where(product.c.sku == sku)).one_or_none()
    return _read(row) if row else None


def lock_products(transaction: Transaction, skus: Iterable[str]) -> dict[str, Product]:
    """The products there are of these, locked until the transaction ends, always in the same order."""
    rows = transaction.execute(LOCK_PRODUCTS, {"skus": sorted(set(skus))})
    return {row.sku: _read(row) for row in rows}


def lock_product(transaction: Transaction, sku: str) -> Product | None:
    """One product, locked until the transaction ends, or None."""
    return lock_products(transaction, [sku]).get(sku)


def move_on_hand(transaction: Transaction, *, sku: str, quantity: int, now: datetime) -> None:
    """Add ``quantity`` units (negative: take) to a locked shelf.

    Raises:
        ShelfTooLow: there are not that many to take; nothing is taken.
    """
    move_shelves(transaction, {sku: quantity}, now=now)


def move_shelves(transaction: Transaction, moved: Mapping[str, int], *, now: datetime) -> None:
    """Add units (negative: take) to locked shelves, by sku.

    Raises:
        ShelfTooLow: one has not that many to take; the transaction must not be committed.
    """
    values: dict[str, Any] = {"now": now}
    for number, (sku, quantity) in enumerate(moved.items()):
        values |= {f"sku_{number}": sku, f"quantity_{number}": quantity}
    if transaction.execute(_make_move(len(moved)), values).rowcount != len(moved):
        raise ShelfTooLow(", ".join(moved))


def add_product(transaction: Transaction, added: Product) -> None:
    """Insert a product.

    Raises:
        UniqueViolation: the sku is taken (raised by the unit of work).
    """
    transaction.execute(insert(product).values({name: getattr(added, name) for name in product.c.keys()}))  # noqa: SIM118


def change_product(transaction: Transaction, sku: str, changes: dict[str, Any]) -> None:
    """Set columns of a locked product."""
    transaction.execute(update(product).where(product.c.sku == sku).values(changes))


def list_products(
    transaction: Transaction, *, after: str = "", limit: int, with_archived: bool = False
) -> list[Product]:
    """At most ``limit`` products in order of sku, those after ``after``."""
    statement = select(product).where(product.c.sku > after).order_by(product.c.sku).limit(limit)
    if not with_archived:
        statement = statement.where(product.c.archived_at.is_(None))
    return [_read(row) for row in transaction.execute(statement)]


def list_out_of_stock(transaction: Transaction) -> list[str]:
    """The sku of every product with an empty shelf that is not archived."""
    empty = select(product.c.sku).where(product.c.on_hand == 0, product.c.archived_at.is_(None))
    return list(transaction.execute(empty.order_by(product.c.sku)).scalars())


def has_products(transaction: Transaction) -> bool:
    """Whether there is any product."""
    return transaction.execute(select(product.c.sku).limit(1)).first() is not None


def _read(row: Row[Any]) -> Product:
    return Product(**row._mapping)
