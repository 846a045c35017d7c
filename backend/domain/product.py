"""A product of the shop."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backend.domain.reorder import ReorderPolicy


class ShelfState(StrEnum):
    """How a shelf stands to its reorder point."""

    IN_STOCK = "in_stock"
    LOW = "low"
    OUT_OF_STOCK = "out_of_stock"


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

    @property
    def shelf_state(self) -> ShelfState:
        """Empty, at or below the reorder point, or neither."""
        if self.on_hand == 0:
            return ShelfState.OUT_OF_STOCK
        if self.reorder_point is not None and self.on_hand <= self.reorder_point:
            return ShelfState.LOW
        return ShelfState.IN_STOCK
