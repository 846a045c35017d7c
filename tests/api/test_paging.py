"""Pages: whatever is written between two of them, nothing is shown twice and nothing is left out."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.api.shop import Shop


@dataclass(frozen=True)
class Paged:
    """A list, by what its entries are told apart, and what is written to it meanwhile."""

    path: str
    entries: str
    name: Callable[[Any], object]
    write: Callable[[Shop], None]
    newest_first: bool = True


def open_product_somewhere(shop: Shop) -> None:
    """Beside those that are there: before, between and after them."""
    for prefix in ("A", "M", "Z"):
        shop.open_product(sku=f"{prefix}-{next(_numbers)}")


def order_something(shop: Shop) -> None:
    shop.run_short(shop.open_product(sku=f"O-{next(_numbers)}", on_hand=0))


def move_the_first(shop: Shop) -> None:
    shop.buy("M-0", 1)


def do_everything(shop: Shop) -> None:
    """Each kind of thing that can happen, so that every source grows between the pages."""
    sku = shop.open_product(sku=f"E-{next(_numbers)}", on_hand=5)
    shop.buy(sku, 1)
    order = shop.run_short(sku, 10)["replenishment_id"]
    shop.deliver(order, 6)
    shop.operate("POST", f"/api/products/{sku}/returns", {"quantity": 1})
    shop.operate("POST", f"/api/products/{sku}/adjustments", {"quantity": -1, "reason": "count"})


_numbers = itertools.count(1)
LISTS = {
    "products": Paged(
        "/api/products", "products", lambda one: one["sku"], open_product_somewhere, newest_first=False
    ),
    "movements": Paged("/api/products/M-0/movements", "movements", lambda one: one["id"], move_the_first),
    "replenishments": Paged("/api/replenishments", "replenishments", lambda one: one["id"], order_something),
    "activity": Paged(
        "/api/activity",
        "activity",
        lambda one: (one["kind"], one["reference"], one["at"]),
        do_everything,
    ),
}


@pytest.fixture
def filled(fresh_shop: Shop) -> Shop:
    """A shop with a little of everything."""
    fresh_shop.open_product(sku="M-0", on_hand=500)
    for _ in range(2):
        do_everything(fresh_shop)
        open_product_somewhere(fresh_shop)
        order_something(fresh_shop)
        move_the_first(fresh_shop)
    return fresh_shop


def test_every_list_is_stable_under_writes(filled: Shop) -> None:
    for listed in LISTS.values():
        for limit in (2, 7):
            whole = [listed.name(one) for one in filled.get(listed.path, limit=200)[listed.entries]]

            seen = list(walk(filled, listed, limit))

            assert len(seen) == len(set(seen)), f"{listed.path} shows something twice"
            assert set(whole) <= set(seen), f"{listed.path} leaves something out"
            if listed.newest_first:
                assert seen == whole, f"{listed.path} is not in its order, or shows what is newer than its start"


def walk(shop: Shop, listed: Paged, limit: int) -> list[object]:
    """Every entry, page by page, with writes between the pages."""
    seen: list[object] = []
    cursor: dict[str, str] = {}
    while True:
        page = shop.get(listed.path, limit=limit, **cursor)
        entries = page[listed.entries]
        assert len(entries) <= limit
        seen += [listed.name(one) for one in entries]
        if page["next_cursor"] is None:
            return seen
        assert len(entries) == limit
        cursor = {"cursor": page["next_cursor"]}
        if len(seen) <= 4 * limit:
            listed.write(shop)


@pytest.mark.parametrize("name", ["products", "movements", "replenishments"])
def test_an_empty_list_has_no_next_page(sqlite_shop: Shop, name: str) -> None:
    sku = sqlite_shop.open_product(on_hand=0)
    path = LISTS[name].path.replace("M-0", sku)
    query = {"sku": sku} if name == "replenishments" else {"cursor": "zzz"} if name == "products" else {}

    page = sqlite_shop.get(path, **query)

    assert page == {LISTS[name].entries: [], "next_cursor": None}


def test_a_page_that_ends_with_the_last_entry_has_no_next_page(filled: Shop) -> None:
    for listed in LISTS.values():
        everything = len(filled.get(listed.path, limit=200)[listed.entries])

        page = filled.get(listed.path, limit=everything)

        assert page["next_cursor"] is None
        assert filled.get(listed.path, limit=everything - 1)["next_cursor"] is not None


def test_the_page_after_an_archived_product_goes_on_where_it_stood(filled: Shop) -> None:
    whole = [one["sku"] for one in filled.get("/api/products", limit=200)["products"]]
    page = filled.get("/api/products", limit=3)
    filled.operate("PATCH", f"/api/products/{whole[2]}", {"archived": True})

    rest = filled.get("/api/products", limit=200, cursor=page["next_cursor"])["products"]

    assert [one["sku"] for one in rest] == whole[3:]
