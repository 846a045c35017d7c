"""A product of the shop."""

from dataclasses import dataclass
from datetime import datetime

from backend.domain.reorder import ReorderPolicy


@dataclass(frozen=True, slots=True)
class Product:
    """A product and its shelf. ``price`` is KRW, quantities are units, times are UTC."""

    sku: str
    name: str
    name_en: str
    price: int
    on_hand: int
    factory_id: str
    reorder_point: int | None
    lot_size: int
    archived_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def policy(self) -> ReorderPolicy:
        """How it is replenished."""
        return ReorderPolicy(reorder_point=self.reorder_point, lot_size=self.lot_size)
