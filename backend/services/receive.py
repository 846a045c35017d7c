"""Receive: take the factory's delivery onto the shelf, once."""

from dataclasses import dataclass
from datetime import datetime

import structlog

from backend.domain.delivery import accept_delivery
from backend.domain.movement import Kind
from backend.domain.product import Product
from backend.domain.replenishment import Replenishment
from backend.domain.shop import Shop
from backend.services.clock import Clock
from backend.services.replenish import reorder_if_short
from backend.store.deliveries import Delivery, DeliveryOutcome, add_delivery, get_delivery
from backend.store.movements import NewMovement, add_movements
from backend.store.products import lock_product, move_on_hand
from backend.store.replenishments import get_replenishment
from backend.store.replenishments import receive as write_received
from backend.store.unit_of_work import Database, Transaction, attempts

log = structlog.get_logger(__name__)


class UnknownReplenishment(Exception):
    """There is no such replenishment."""

    def __init__(self, replenishment_id: str) -> None:
        super().__init__(f"there is no replenishment {replenishment_id!r}")


class ReplenishmentClosed(Exception):
    """The replenishment is received or cancelled: the delivery is noted, and changes nothing."""

    def __init__(self) -> None:
        super().__init__("the replenishment is closed; the delivery was noted, the stock is unchanged")


class DeliveryIdReused(Exception):
    """A delivery of this name came before, with another quantity."""

    def __init__(self, *, quantity: int) -> None:
        super().__init__(f"a delivery of this name came before, with {quantity} units")


class DeliveryMismatch(Exception):
    """The delivery names another product or another factory than the replenishment does."""

    def __init__(self, *, field: str, expected: str) -> None:
        super().__init__(f"the replenishment is for {expected!r}")
        self.field = field


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the factory says it delivers.

    ``quantity`` is units. ``delivery_id`` is the factory's name for the delivery; empty: the only one, which
    closes the replenishment. ``sku`` and ``factory_id`` are None where the factory does not say.
    """

    replenishment_id: str
    delivery_id: str
    quantity: int
    sku: str | None = None
    factory_id: str | None = None


def receive(*, database: Database, arrival: Arrival, shop: Shop, clock: Clock) -> Replenishment:
    """Put a delivery on the shelf; the replenishment as it is then. A repeat changes nothing.

    Raises:
        UnknownReplenishment, ReplenishmentClosed, DeliveryIdReused, DeliveryMismatch: see there.
        OverDelivery: more than is still to come; nothing is written.
        DatabaseUnavailable: the factory may call again.
    """
    received = False
    for attempt in attempts(uncertain_too=True):  # a delivery that was kept is found again by its name
        with attempt, database.unit_of_work() as transaction:
            before = _find_replenishment(transaction, arrival)
            product = lock_product(transaction, before.sku)
            assert product is not None, "a replenishment's product is never deleted"  # noqa: S101 - a foreign key
            replenishment = _find_replenishment(transaction, arrival)
            if not _is_repeat(transaction, arrival=arrival):
                _take_in(
                    transaction,
                    arrival=arrival,
                    replenishment=replenishment,
                    product=product,
                    shop=shop,
                    now=clock(),
                )
                replenishment = _find_replenishment(transaction, arrival)
                transaction.commit()
                received = True
    log.info(
        "received" if received else "delivery repeated",
        replenishment_id=replenishment.id,
        correlation_id=replenishment.correlation_id,
        sku=replenishment.sku,
        quantity=arrival.quantity,
    )
    return replenishment


def _find_replenishment(transaction: Transaction, arrival: Arrival) -> Replenishment:
    found = get_replenishment(transaction, arrival.replenishment_id)
    if found is None:
        raise UnknownReplenishment(arrival.replenishment_id)
    return found


def _is_repeat(transaction: Transaction, *, arrival: Arrival) -> bool:
    """Whether this very delivery was received before.

    Raises:
        DeliveryIdReused: one of this name was, with another quantity.
        ReplenishmentClosed: it was refused before, because the replenishment was closed.
    """
    before = get_delivery(transaction, replenishment_id=arrival.replenishment_id, delivery_id=arrival.delivery_id)
    if before is None:
        return False
    if before.quantity != arrival.quantity:
        raise DeliveryIdReused(quantity=before.quantity)
    if before.outcome is DeliveryOutcome.REFUSED:
        raise ReplenishmentClosed()
    return True


def _take_in(
    transaction: Transaction,
    *,
    arrival: Arrival,
    replenishment: Replenishment,
    product: Product,
    shop: Shop,
    now: datetime,
) -> None:
    if arrival.sku not in (None, replenishment.sku):
        raise DeliveryMismatch(field="sku", expected=replenishment.sku)
    if arrival.factory_id not in (None, replenishment.factory_id):
        raise DeliveryMismatch(field="factory_id", expected=replenishment.factory_id)
    if not replenishment.is_open:
        _note(transaction, arrival=arrival, outcome=DeliveryOutcome.REFUSED, now=now)
        transaction.commit()
        raise ReplenishmentClosed()
    acceptance = accept_delivery(
        replenishment=replenishment, delivery_id=arrival.delivery_id, quantity=arrival.quantity
    )
    on_hand = product.on_hand + arrival.quantity
    _note(transaction, arrival=arrival, outcome=DeliveryOutcome.RECEIVED, now=now)
    move_on_hand(transaction, sku=product.sku, quantity=arrival.quantity, now=now)
    receipt = NewMovement(
        sku=product.sku,
        quantity=arrival.quantity,
        on_hand_after=on_hand,
        kind=Kind.RECEIPT,
        reference=replenishment.id,
        actor=replenishment.factory_id,
    )
    add_movements(transaction, [receipt], now=now)
    write_received(
        transaction,
        replenishment.id,
        received_quantity=acceptance.received_quantity,
        status=acceptance.status,
        now=now,
    )
    reorder_if_short(transaction, product=product, on_hand=on_hand, shop=shop, now=now)


def _note(transaction: Transaction, *, arrival: Arrival, outcome: DeliveryOutcome, now: datetime) -> None:
    noted = Delivery(
        replenishment_id=arrival.replenishment_id,
        delivery_id=arrival.delivery_id,
        quantity=arrival.quantity,
        outcome=outcome,
        created_at=now,
    )
    add_delivery(transaction, noted)
