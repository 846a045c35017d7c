"""The demo shop: the original's donut, and four more that are ordered before they run out."""

from dataclasses import dataclass

FACTORY_ID = "FF-500293"


@dataclass(frozen=True, slots=True)
class DemoProduct:
    """A product of the demo shop, and what stands on its shelf at the start."""

    sku: str
    name: str
    name_en: str
    price: int
    opening_stock: int
    reorder_point: int | None
    lot_size: int


DEMO_PRODUCTS = (
    DemoProduct("CP-502101", "부산도너츠", "Busan donut", 1_800, 10, None, 10),
    DemoProduct("CP-502102", "초코 도너츠", "Chocolate donut", 2_300, 40, 15, 30),
    DemoProduct("CP-502103", "딸기 크림 도너츠", "Strawberry cream donut", 2_800, 35, 12, 24),
    DemoProduct("CP-502104", "팥 도너츠", "Red bean donut", 2_200, 30, 10, 20),
    DemoProduct("CP-502105", "찹쌀 꽈배기", "Glutinous rice twist", 1_900, 50, 20, 40),
)
