"""Write down what was decided about purchases: purchases, shelves, ledger, sales by the minute."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from backend.domain.movement import Kind
from backend.domain.product import Product
from backend.domain.purchase import Purchase
from backend.domain.replenishment import Replenishment
from backend.domain.sale import Decision, Outcome
from backend.domain.shop import Shop
from backend.store.movements import NewMovement, add_movements
from backend.store.products import move_shelves
from backend.store.purchases import add_purchases
from backend.store.sales_minutes import Sales, add_to_minute
from backend.store.unit_of_work import Transaction

CUSTOMER = "customer"


def write_sales(
    transaction: Transaction,
    *,
    decisions: Sequence[Decision],
    products: Mapping[str, Product],
    open_orders: Mapping[str, Replenishment],
    shop: Shop,
    now: datetime,
) -> list[Purchase]:
    """Write decisions about locked products; the purchases as written.

    Raises:
        UniqueViolation: an idempotency key is taken (raised by the unit of work).
    """
    purchases = [
        _as_purchase(decision, product=products[decision.request.sku], open_orders=open_orders, now=now)
        for decision in decisions
    ]
    add_purchases(transaction, purchases, idempotency_retention=shop.idempotency_retention)
    _move_stock(transaction, decisions=decisions, now=now)
    add_to_minute(transaction, _count_by_product(purchases), now=now)
    return purchases


def _as_purchase(
    decision: Decision, *, product: Product, open_orders: Mapping[str, Replenishment], now: datetime
) -> Purchase:
    refused = decision.outcome is Outcome.OUT_OF_STOCK
    return Purchase(
        id=decision.request.id,
        sku=product.sku,
        quantity=decision.request.quantity,
        unit_price=product.price,
        outcome=decision.outcome,
        replenishment_id=open_orders[product.sku].id if refused else None,
        idempotency_key=decision.request.idempotency_key,
        request_hash=decision.request.request_hash,
        created_at=now,
    )


def _move_stock(transaction: Transaction, *, decisions: Iterable[Decision], now: datetime) -> None:
    sold = [decision for decision in decisions if decision.outcome is Outcome.SOLD]
    taken: dict[str, int] = defaultdict(int)
    for decision in sold:
        taken[decision.request.sku] += decision.request.quantity
    if taken:
        move_shelves(transaction, {sku: -taken[sku] for sku in sorted(taken)}, now=now)
    movements = [
        NewMovement(
            sku=decision.request.sku,
            quantity=-decision.request.quantity,
            on_hand_after=decision.on_hand_after,
            kind=Kind.SALE,
            reference=decision.request.id,
            actor=CUSTOMER,
        )
        for decision in sold
    ]
    if movements:
        add_movements(transaction, movements, now=now)


def _count_by_product(purchases: Iterable[Purchase]) -> list[tuple[str, Sales]]:
    counted: dict[str, Sales] = defaultdict(Sales)
    for one in purchases:
        if one.outcome is Outcome.SOLD:
            counted[one.sku].sold_purchases += 1
            counted[one.sku].sold_quantity += one.quantity
            counted[one.sku].sold_amount += one.quantity * one.unit_price
        else:
            counted[one.sku].refused_purchases += 1
            counted[one.sku].lost_quantity += one.quantity
            counted[one.sku].lost_amount += one.quantity * one.unit_price
    return sorted(counted.items())
