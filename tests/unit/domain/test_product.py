"""How a shelf stands."""

from datetime import UTC, datetime

import pytest

from backend.domain.demo_shop import DEMO_PRODUCTS, FACTORY_ID
from backend.domain.product import Product, ShelfState
from backend.domain.reorder import ReorderPolicy

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def _product(*, on_hand: int, reorder_point: int | None) -> Product:
    return Product(
        sku="CP-502101",
        name="부산도너츠",
        name_en="Busan donut",
        price=1_800,
        on_hand=on_hand,
        factory_id="FF-500293",
        reorder_point=reorder_point,
        lot_size=10,
        archived_at=None,
        created_at=NOW,
        updated_at=NOW,
    )


@pytest.mark.parametrize(
    ("on_hand", "reorder_point", "state"),
    [
        (0, None, ShelfState.OUT_OF_STOCK),
        (0, 5, ShelfState.OUT_OF_STOCK),
        (1, None, ShelfState.IN_STOCK),
        (1, 0, ShelfState.IN_STOCK),
        (5, 5, ShelfState.LOW),
        (6, 5, ShelfState.IN_STOCK),
    ],
)
def test_a_shelf_is_empty_low_or_in_stock(on_hand: int, reorder_point: int | None, state: ShelfState) -> None:
    assert _product(on_hand=on_hand, reorder_point=reorder_point).shelf_state is state


def test_a_product_knows_how_it_is_replenished() -> None:
    assert _product(on_hand=1, reorder_point=5).policy == ReorderPolicy(reorder_point=5, lot_size=10)


def test_the_demo_shop_begins_as_the_original_does_and_has_four_more_donuts() -> None:
    original, *others = DEMO_PRODUCTS

    assert (original.sku, original.name, FACTORY_ID) == ("CP-502101", "부산도너츠", "FF-500293")
    assert (original.opening_stock, original.reorder_point, original.lot_size) == (10, None, 10)
    assert len(others) == 4
    assert all(one.reorder_point is not None for one in others)
