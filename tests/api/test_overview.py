"""``/api/overview`` and ``/api/sales-history``: sold and lost, in units and ₩, per product and window."""

import math
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.services import clock
from tests.api.past import START, parse, rfc3339, sell_at
from tests.api.shop import JSON, Shop

MINUTE = timedelta(minutes=1)


def of(overview: JSON, sku: str) -> JSON:
    [found] = [one for one in overview["products"] if one["sku"] == sku]
    return dict(found)


def test_an_empty_shop_is_shown_as_one(fresh_shop: Shop) -> None:
    overview = fresh_shop.get("/api/overview")

    assert overview | {"at": None} == {
        "at": None,
        "minutes": 60,
        "revenue": 0,
        "sold_quantity": 0,
        "lost_quantity": 0,
        "lost_amount": 0,
        "short_products": 0,
        "total_products": 0,
        "open_replenishments": 0,
        "products": [],
        "queue": None,
        "oldest_seconds": None,
    }


def test_sales_and_lost_sales_are_counted_in_units_and_won(fresh_shop: Shop) -> None:
    dear = fresh_shop.open_product(on_hand=5, price=3_000)
    cheap = fresh_shop.open_product(on_hand=10, price=500, reorder_point=8)
    fresh_shop.buy(dear, 4)
    fresh_shop.buy(dear, 2)
    fresh_shop.buy(dear, 3)
    fresh_shop.buy(cheap, 2)
    fresh_shop.buy(cheap, 9)

    overview = fresh_shop.get("/api/overview")

    assert (overview["sold_quantity"], overview["revenue"]) == (6, 4 * 3_000 + 2 * 500)
    assert (overview["lost_quantity"], overview["lost_amount"]) == (14, 5 * 3_000 + 9 * 500)
    one, other = of(overview, dear), of(overview, cheap)
    assert (one["sold_quantity"], one["revenue"], one["lost_quantity"], one["lost_amount"]) == (
        4,
        12_000,
        5,
        15_000,
    )
    assert (other["sold_quantity"], other["lost_quantity"], other["state"]) == (2, 9, "low")
    assert (overview["short_products"], overview["total_products"], overview["open_replenishments"]) == (1, 2, 2)
    assert one["open_replenishment_id"] is not None
    assert {name: one[name] for name in fresh_shop.product(dear)} == fresh_shop.product(dear)


def test_what_was_sold_before_the_price_changed_counts_at_the_old_one(fresh_shop: Shop) -> None:
    sku = fresh_shop.open_product(price=1_000)
    fresh_shop.buy(sku, 1)
    fresh_shop.operate("PATCH", f"/api/products/{sku}", {"price": 5_000})
    fresh_shop.buy(sku, 1)

    assert fresh_shop.get("/api/overview")["revenue"] == 6_000


def test_an_archived_product_is_no_longer_shown_but_its_sales_count(fresh_shop: Shop) -> None:
    sku = fresh_shop.open_product(price=1_000)
    fresh_shop.buy(sku, 2)
    fresh_shop.operate("PATCH", f"/api/products/{sku}", {"archived": True})

    overview = fresh_shop.get("/api/overview")

    assert (overview["products"], overview["total_products"], overview["revenue"]) == ([], 0, 2_000)


def test_a_window_holds_its_minutes_and_no_more_than_one_beside(fresh_shop: Shop) -> None:
    """Sales are counted by the minute: none is missed at the far end of the window."""
    sku = fresh_shop.open_product(on_hand=100)
    now = clock.now()
    ages = [0.0, 0.4, 0.99, 3, 4.99, 7, 30]
    sell_at(fresh_shop, [(now - age * MINUTE, sku, 1) for age in ages])

    for minutes in (1, 5, 20, 60):
        overview = fresh_shop.get("/api/overview", minutes=minutes)

        asked_since = parse(overview["at"]) - minutes * MINUTE
        asked = sum(now - age * MINUTE >= asked_since for age in ages)
        counted = sum(now - age * MINUTE >= asked_since.replace(second=0, microsecond=0) for age in ages)
        assert overview["sold_quantity"] == counted >= asked, minutes


def test_the_rate_is_that_of_the_last_ten_minutes_and_says_when_the_shelf_is_empty(fresh_shop: Shop) -> None:
    sku = fresh_shop.open_product(on_hand=100)
    now = clock.now()
    sell_at(fresh_shop, [(now - minutes * MINUTE, sku, 3) for minutes in (1, 4, 8, 9)])
    sell_at(fresh_shop, [(now - 30 * MINUTE, sku, 20)])

    overview = fresh_shop.get("/api/overview")

    found = of(overview, sku)
    at = parse(overview["at"])
    window = (at - (at - 10 * MINUTE).replace(second=0, microsecond=0)) / MINUTE
    assert found["sales_per_minute"] == pytest.approx(12 / window, abs=0.011)
    assert found["runs_out_in_seconds"] == pytest.approx(68 / (12 / window) * 60, rel=0.01)
    assert fresh_shop.product(sku)["sales_per_minute"] == pytest.approx(found["sales_per_minute"], abs=0.02)


def test_what_does_not_sell_does_not_run_out(fresh_shop: Shop) -> None:
    idle, empty = fresh_shop.open_product(), fresh_shop.open_product(on_hand=1)
    fresh_shop.buy(empty, 1)

    overview = fresh_shop.get("/api/overview")

    assert of(overview, idle)["runs_out_in_seconds"] is None
    assert of(overview, empty)["runs_out_in_seconds"] == 0


def test_the_lead_time_is_observed(fresh_shop: Shop) -> None:
    sku = fresh_shop.open_product(on_hand=0)
    assert of(fresh_shop.get("/api/overview"), sku)["lead_time_seconds"] is None
    spans = []
    for _ in range(3):
        order = fresh_shop.operate("POST", f"/api/products/{sku}/restock", {}).get_json()["id"]
        fresh_shop.deliver(order, 10)
        done = fresh_shop.order(order)
        spans.append((parse(done["received_at"]) - parse(done["requested_at"])).total_seconds())

    observed = of(fresh_shop.get("/api/overview"), sku)["lead_time_seconds"]

    assert observed == pytest.approx(sum(spans) / 3, abs=1e-5)


SALES = st.lists(
    st.tuples(st.integers(0, 90 * 60), st.integers(0, 1), st.integers(1, 30)), min_size=1, max_size=12
)


@settings(max_examples=8, deadline=None, database=None, derandomize=True)
@given(SALES, st.integers(-60, 95 * 60), st.integers(1, 120 * 60), st.integers(2, 20))
def test_every_sales_history_adds_up_to_the_purchases(
    shared_shop: Shop, sales: list[tuple[int, int, int]], begin: int, length: int, points: int
) -> None:
    skus = [shared_shop.open_product(on_hand=60, price=7), shared_shop.open_product(on_hand=0, price=11)]
    bought = [(START + timedelta(seconds=at), skus[which], quantity) for at, which, quantity in sales]
    sell_at(shared_shop, bought)
    since = START + timedelta(seconds=begin)
    until = since + timedelta(seconds=length)

    answer = shared_shop.get(
        "/api/sales-history", sku=skus, **{"from": rfc3339(since), "to": rfc3339(until)}, points=points
    )

    first, bucket = parse(answer["from"]), timedelta(seconds=answer["bucket_seconds"])
    assert first == since.replace(second=0)
    assert bucket % MINUTE == timedelta(0)
    assert math.ceil((until - first) / bucket) <= points
    expected = naive_history(shared_shop, bought, skus, first=first, until=until, bucket=bucket)
    shown = {
        (series["sku"], parse(point["at"])): tuple(point[name] for name in COUNTS)
        for series in answer["series"]
        for point in series["points"]
    }
    assert [series["sku"] for series in answer["series"]] == skus
    assert shown == expected


COUNTS = ("sold_quantity", "sold_amount", "lost_quantity", "lost_amount")


def naive_history(
    shop: Shop,
    bought: list[tuple[datetime, str, int]],
    skus: list[str],
    *,
    first: datetime,
    until: datetime,
    bucket: timedelta,
) -> dict[tuple[str, datetime], Any]:
    """The same by plain Python: who was sold to in the order of coming, in equal pieces of time."""
    shelves, prices = {skus[0]: 60, skus[1]: 0}, {skus[0]: 7, skus[1]: 11}
    counted: dict[tuple[str, datetime], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for at, sku, quantity in bought:
        sold = quantity <= shelves[sku]
        shelves[sku] -= quantity if sold else 0
        minute = at.replace(second=0)
        if first <= minute < until:
            piece = counted[sku, first + (minute - first) // bucket * bucket]
            piece[0 if sold else 2] += quantity
            piece[1 if sold else 3] += quantity * prices[sku]
    return {key: tuple(piece) for key, piece in counted.items()}
