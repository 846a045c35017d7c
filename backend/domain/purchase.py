"""A purchase as it was written down."""

from dataclasses import dataclass
from datetime import datetime

from backend.domain.sale import Outcome


@dataclass(frozen=True, slots=True)
class Purchase:
    """What became of one customer's wish. ``unit_price`` is KRW, ``quantity`` units, ``created_at`` UTC."""

    id: str
    sku: str
    quantity: int
    unit_price: int
    outcome: Outcome
    replenishment_id: str | None
    idempotency_key: str | None
    request_hash: str | None
    created_at: datetime
