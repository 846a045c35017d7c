"""Restock: an operator orders, shortage or not."""

from dataclasses import dataclass

from pydantic import TypeAdapter

from backend.domain.reorder import decide_restock
from backend.domain.replenishment import Replenishment
from backend.domain.shop import Shop
from backend.services.clock import Clock, new_id
from backend.services.operator_record import Operator, find_answer, record
from backend.services.purchase import UnknownProduct
from backend.services.replenish import request_replenishment
from backend.store.products import lock_product
from backend.store.replenishments import get_open_replenishment
from backend.store.unit_of_work import Database, UniqueViolation, attempts


@dataclass(frozen=True, slots=True)
class Restocked:
    """The product's open replenishment, and whether this call made it."""

    replenishment: Replenishment
    created: bool


RESTOCKED = TypeAdapter(Restocked)
"""Writes down the whole answer: a repeat is shown the order as it was then."""


def restock(
    *, database: Database, sku: str, quantity: int | None, operator: Operator, shop: Shop, clock: Clock
) -> Restocked:
    """Order ``quantity`` units (None: one lot) in whole lots, unless an order is open already.

    Raises:
        UnknownProduct: there is no such product, or it is archived.
        IdempotencyKeyReused: see there.
        DatabaseUnavailable: nothing is kept, or the next call finds the open order.
    """
    try:
        return _restock(database=database, sku=sku, quantity=quantity, operator=operator, shop=shop, clock=clock)
    except UniqueViolation:  # the key was used just now for another product: the second look finds it
        return _restock(database=database, sku=sku, quantity=quantity, operator=operator, shop=shop, clock=clock)


def _restock(
    *, database: Database, sku: str, quantity: int | None, operator: Operator, shop: Shop, clock: Clock
) -> Restocked:
    for attempt in attempts(uncertain_too=True):
        with attempt, database.unit_of_work() as transaction:
            product = lock_product(transaction, sku)
            if answer := find_answer(transaction, operator):
                return RESTOCKED.validate_python(answer)
            if product is None or product.archived_at:
                raise UnknownProduct(sku)
            now = clock()
            under_way = get_open_replenishment(transaction, sku)
            opened = under_way or request_replenishment(
                transaction,
                product=product,
                decision=decide_restock(policy=product.policy, on_hand=product.on_hand, quantity=quantity),
                shop=shop,
                now=now,
                correlation_id=new_id(),
                actor=operator.actor,
            )
            restocked = Restocked(replenishment=opened, created=under_way is None)
            record(
                transaction,
                operator=operator,
                action="restock",
                subject=sku,
                detail={"quantity": quantity},
                shop=shop,
                now=now,
                answer=RESTOCKED.dump_python(restocked, mode="json"),
            )
            transaction.commit()
    return restocked
