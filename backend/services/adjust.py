"""Adjust: what an operator counts, and what a customer brings back."""

from backend.domain.movement import Kind, Movement
from backend.domain.shop import Shop
from backend.services.clock import Clock
from backend.services.operator_record import Operator, find_answer, record
from backend.services.purchase import UnknownProduct
from backend.services.replenish import reorder_if_short
from backend.store.movements import NewMovement, add_movements, get_movement, list_movements
from backend.store.products import lock_product, move_on_hand
from backend.store.unit_of_work import Database, Transaction, UniqueViolation, attempts

LARGEST_STOCK = 1_000_000_000


class StockTooLow(Exception):
    """The adjustment would take more than there is."""

    def __init__(self, *, on_hand: int) -> None:
        super().__init__(f"there are only {on_hand} units on the shelf")


class StockTooHigh(Exception):
    """The adjustment would make more than a shelf can hold."""

    def __init__(self) -> None:
        super().__init__(f"a shelf holds at most {LARGEST_STOCK} units")


def adjust(
    *,
    database: Database,
    sku: str,
    quantity: int,
    kind: Kind,
    reason: str | None,
    operator: Operator,
    shop: Shop,
    clock: Clock,
) -> Movement:
    """Move a shelf by ``quantity`` units (negative: take) as an adjustment or a return; the line of the ledger.

    Raises:
        UnknownProduct, StockTooLow, StockTooHigh, IdempotencyKeyReused: see there; nothing is changed.
        CommitUncertain: it cannot be told whether it was done; only with a key is it tried again by itself.
        DatabaseUnavailable: nothing is kept.
    """
    moved = NewMovement(
        sku=sku,
        quantity=quantity,
        on_hand_after=0,
        kind=kind,
        reference=None,
        actor=operator.actor,
        reason=reason,
    )
    try:
        return _adjust(database=database, moved=moved, operator=operator, shop=shop, clock=clock)
    except UniqueViolation:  # the key was used just now for another product: the second look finds it
        return _adjust(database=database, moved=moved, operator=operator, shop=shop, clock=clock)


def _adjust(*, database: Database, moved: NewMovement, operator: Operator, shop: Shop, clock: Clock) -> Movement:
    for attempt in attempts(uncertain_too=operator.idempotency_key is not None):
        with attempt, database.unit_of_work() as transaction:
            movement = move_shelf(transaction, moved=moved, operator=operator, shop=shop, clock=clock)
            transaction.commit()
    return movement


def move_shelf(
    transaction: Transaction, *, moved: NewMovement, operator: Operator, shop: Shop, clock: Clock
) -> Movement:
    """Move a shelf within a transaction; ``on_hand_after`` is found here.

    Raises:
        UnknownProduct, StockTooLow, StockTooHigh, IdempotencyKeyReused: see there.
    """
    product = lock_product(transaction, moved.sku)
    if answer := find_answer(transaction, operator):
        return get_movement(transaction, answer["movement_id"])
    if product is None:
        raise UnknownProduct(moved.sku)
    on_hand = product.on_hand + moved.quantity
    if on_hand < 0:
        raise StockTooLow(on_hand=product.on_hand)
    if on_hand > LARGEST_STOCK:
        raise StockTooHigh
    now = clock()
    move_on_hand(transaction, sku=moved.sku, quantity=moved.quantity, now=now)
    add_movements(
        transaction,
        [
            NewMovement(
                sku=moved.sku,
                quantity=moved.quantity,
                on_hand_after=on_hand,
                kind=moved.kind,
                reference=moved.reference,
                actor=moved.actor,
                reason=moved.reason,
            )
        ],
        now=now,
    )
    [movement] = list_movements(transaction, moved.sku, before=None, limit=1)
    record(
        transaction,
        operator=operator,
        action=moved.kind.value,
        subject=moved.sku,
        detail={"quantity": moved.quantity, "reason": moved.reason},
        shop=shop,
        now=now,
        answer={"movement_id": movement.id},
    )
    reorder_if_short(transaction, product=product, on_hand=on_hand, shop=shop, now=now)
    return movement
