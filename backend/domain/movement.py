"""The ledger: every change of a shelf is one movement."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """Why stock moved."""

    SALE = "sale"
    RECEIPT = "receipt"
    RETURN = "return"
    ADJUSTMENT = "adjustment"


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of the ledger. ``quantity`` is signed units, ``created_at`` UTC."""

    id: int
    sku: str
    quantity: int
    on_hand_after: int
    kind: Kind
    reference: str | None
    actor: str
    reason: str | None
    created_at: datetime
