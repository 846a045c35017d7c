"""A replenishment: its states, and which may follow which."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """Where a replenishment stands. A failed attempt is not a state: it stays open and is tried again."""

    REQUESTED = "requested"
    PUBLISHED = "published"
    ORDERED = "ordered"
    PARTIALLY_RECEIVED = "partially_received"
    RECEIVED = "received"
    CANCELLED = "cancelled"


OPEN = (Status.REQUESTED, Status.PUBLISHED, Status.ORDERED, Status.PARTIALLY_RECEIVED)
NOT_YET_ORDERED = (Status.REQUESTED, Status.PUBLISHED)
AWAITING_DELIVERY = (Status.ORDERED, Status.PARTIALLY_RECEIVED)


@dataclass(frozen=True, slots=True)
class Replenishment:
    """An order to the factory for one product. Quantities are units, times are UTC."""

    id: str
    number: int
    sku: str
    factory_id: str
    quantity: int
    received_quantity: int
    status: Status
    cause: str
    shortage: int
    on_hand_at_request: int
    reorder_point_at_request: int | None
    lot_size_at_request: int
    actor: str
    correlation_id: str
    attempts: int
    last_error: str | None
    expected_at: datetime | None
    requested_at: datetime
    published_at: datetime | None
    ordered_at: datetime | None
    asked_at: datetime | None
    dead_lettered_at: datetime | None
    received_at: datetime | None
    cancelled_at: datetime | None

    @property
    def outstanding(self) -> int:
        """Units ordered and still to come."""
        return self.quantity - self.received_quantity if self.is_open else 0

    @property
    def is_open(self) -> bool:
        """Whether it is neither received nor cancelled."""
        return self.status in OPEN


def printed_number(number: int) -> str:
    """The number that people say on the telephone: ``RO-0042``."""
    return f"RO-{number:04d}"
