"""Orders and their deliveries, as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from factory_mock.order_form import OrderForm


class OrderStatus(StrEnum):
    """How far an order is."""

    IN_PRODUCTION = "in_production"
    DELIVERING = "delivering"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"


class DeliveryStatus(StrEnum):
    """What became of a delivery: under way, taken, refused, given up, or never sent on purpose."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    FAILED = "failed"
    WITHHELD = "withheld"


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A part of an order, as the shop is told of it. The id is the same however often it is told."""

    id: str
    quantity: int
    status: DeliveryStatus = DeliveryStatus.PENDING
    attempts: int = 0
    last_error: str | None = None


@dataclass(frozen=True, kw_only=True)
class Order:
    """An order as it stands. `sending` counts how often its deliveries were sent off."""

    id: str
    form: OrderForm
    idempotency_key: str | None
    correlation_id: str | None
    ordered_at: datetime
    expected_at: datetime
    finished_at: datetime | None = None
    deliveries: tuple[Delivery, ...] = ()
    sending: int = 0

    @property
    def status(self) -> OrderStatus:
        """How far the order is, as its deliveries tell."""
        found = {delivery.status for delivery in self.deliveries}
        if self.finished_at is None:
            return OrderStatus.IN_PRODUCTION
        if DeliveryStatus.PENDING in found:
            return OrderStatus.DELIVERING
        return OrderStatus.DELIVERED if found == {DeliveryStatus.ACCEPTED} else OrderStatus.UNDELIVERED

    @property
    def settled(self) -> bool:
        """Whether nothing more happens to the order by itself."""
        return self.status in (OrderStatus.DELIVERED, OrderStatus.UNDELIVERED)
