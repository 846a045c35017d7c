"""Restock: an operator orders, shortage or not."""

from dataclasses import dataclass

from backend.domain.reorder import decide_restock
from backend.domain.replenishment import Replenishment
from backend.domain.shop import Shop
from backend.services.clock import Clock, new_id
from backend.services.purchase import UnknownProduct
from backend.services.replenish import request_replenishment
from backend.store.products import lock_product
from backend.store.replenishments import get_open_replenishment
from backend.store.unit_of_work import Database, attempts


@dataclass(frozen=True, slots=True)
class Restocked:
    """The product's open replenishment, and whether this call made it."""

    replenishment: Replenishment
    created: bool


def restock(
    *, database: Database, sku: str, quantity: int | None, actor: str, shop: Shop, clock: Clock
) -> Restocked:
    """Order ``quantity`` units (None: one lot) in whole lots, unless an order is open already.

    Raises:
        UnknownProduct: there is no such product, or it is archived.
        DatabaseUnavailable: nothing is kept, or the next call finds the open order.
    """
    for attempt in attempts(uncertain_too=True):
        with attempt, database.unit_of_work() as transaction:
            product = lock_product(transaction, sku)
            if product is None or product.archived_at:
                raise UnknownProduct(sku)
            under_way = get_open_replenishment(transaction, sku)
            if under_way:
                return Restocked(replenishment=under_way, created=False)
            decision = decide_restock(policy=product.policy, on_hand=product.on_hand, quantity=quantity)
            opened = request_replenishment(
                transaction,
                product=product,
                decision=decision,
                shop=shop,
                now=clock(),
                correlation_id=new_id(),
                actor=actor,
            )
            transaction.commit()
    return Restocked(replenishment=opened, created=True)
