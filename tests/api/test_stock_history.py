"""``/api/stock-history``: whatever the ledger, the chart tells the truth, and never more than was asked for."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.api.past import MICROSECOND, START, Ledger, on_hand_at, parse, rfc3339, write_ledger
from tests.api.shop import Shop

GAPS = st.one_of(st.integers(0, 3), st.integers(400, 2_000), st.integers(0, 90_000_000))
"""Microseconds between movements: some fall into one millisecond, some on one moment."""


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    """A product's past."""
    at, ledger = START, []
    for gap, on_hand in draw(st.lists(st.tuples(GAPS, st.integers(0, 50)), max_size=40)):
        at += timedelta(microseconds=gap)
        ledger.append((at, on_hand))
    return ledger


@st.composite
def periods(draw: st.DrawFn, ledger: Ledger) -> tuple[datetime, datetime]:
    """A piece of time around a ledger, which often begins or ends on a movement, or just beside it."""
    moments = [at for at, _ in ledger] or [START]
    near = st.sampled_from(moments).flatmap(lambda at: st.sampled_from([at, at - MICROSECOND, at + MICROSECOND]))
    anywhere = st.datetimes(
        (START - timedelta(hours=1)).replace(tzinfo=None), (START + timedelta(hours=2)).replace(tzinfo=None)
    ).map(lambda at: at.replace(tzinfo=UTC))
    since, until = sorted((draw(near | anywhere), draw(near | anywhere)))
    return since, until if until > since else since + timedelta(seconds=1)


@settings(max_examples=25, deadline=None, database=None, derandomize=True)
@given(st.data())
def test_every_history_is_what_the_ledger_says(shared_shop: Shop, data: st.DataObject) -> None:
    ledger = data.draw(ledgers())
    since, until = data.draw(periods(ledger))
    points = data.draw(st.integers(2, 12))
    sku = shared_shop.open_product(on_hand=0)
    write_ledger(shared_shop, sku, ledger)

    answer = shared_shop.get(
        "/api/stock-history", sku=sku, **{"from": rfc3339(since), "to": rfc3339(until)}, points=points
    )

    assert (parse(answer["from"]), parse(answer["to"])) == (since, until)
    [series] = answer["series"]
    shown = [(parse(point["at"]), point["on_hand"]) for point in series["points"]]
    assert len(shown) <= points
    assert shown == naive_history(ledger, since=since, until=until, points=points)


def naive_history(ledger: Ledger, *, since: datetime, until: datetime, points: int) -> Ledger:
    """The same by plain Python: every movement where they fit, else the shelf at equal distances."""
    carried = on_hand_at(ledger, since - MICROSECOND)
    first = [(since, carried)] if carried is not None else []
    inside = [(at, on_hand) for at, on_hand in ledger if since <= at <= until]
    if len(inside) < points:
        return first + inside
    step = (until - since) // (points - 1)
    moments = [until - step * number for number in range(points - 1)][::-1]
    seen = [(moment, on_hand_at(ledger, moment)) for moment in moments]
    return first + [(moment, on_hand) for moment, on_hand in seen if on_hand is not None]


def history(shop: Shop, **query: Any) -> Any:
    return shop.get("/api/stock-history", **query)


def test_a_long_ledger_is_thinned_and_ends_with_the_present(shop: Shop) -> None:
    sku = shop.open_product(on_hand=0)
    ledger = [(START + timedelta(seconds=n), n % 7) for n in range(500)]
    write_ledger(shop, sku, ledger)
    until = START + timedelta(seconds=499)

    for points in (2, 3, 200):
        answer = history(shop, sku=sku, points=points, **{"from": rfc3339(START), "to": rfc3339(until)})

        [series] = answer["series"]
        assert len(series["points"]) == points - 1, "nothing to carry in"
        assert parse(series["points"][-1]["at"]) == until
        assert series["points"][-1]["on_hand"] == 499 % 7


def test_by_default_it_is_the_last_half_hour_of_every_product(fresh_shop: Shop) -> None:
    skus = [fresh_shop.open_product(sku=sku, on_hand=3) for sku in ("B-2", "A-1", "C-3")]
    fresh_shop.operate("PATCH", "/api/products/C-3", {"archived": True})
    fresh_shop.buy("A-1", 2)

    answer = history(fresh_shop)

    assert parse(answer["to"]) - parse(answer["from"]) == timedelta(minutes=30)
    assert [series["sku"] for series in answer["series"]] == sorted(skus)[:2]
    assert [point["on_hand"] for point in answer["series"][0]["points"]] == [3, 1]


def test_products_are_shown_in_the_order_they_are_named_and_once(shop: Shop) -> None:
    one, another = shop.open_product(), shop.open_product()

    answer = history(shop, sku=[another, one, another])

    assert [series["sku"] for series in answer["series"]] == [another, one]


def test_deliveries_are_marked_with_their_order(shop: Shop) -> None:
    sku = shop.open_product(on_hand=0)
    first = shop.run_short(sku, 10)["replenishment_id"]
    shop.deliver(first, 4, name="a")
    shop.deliver(first, 6, name="b")
    shop.deliver(first, 1, name="too-late")
    second = shop.operate("POST", f"/api/products/{sku}/restock", {"quantity": 10}).get_json()["id"]
    shop.deliver(second, 3, name="a")

    receipts = history(shop, sku=sku)["series"][0]["receipts"]

    assert [(one["replenishment_id"], one["quantity"]) for one in receipts] == [
        (first, 4),
        (first, 6),
        (second, 3),
    ]
    after_the_first = receipts[0]["at"]
    until_then = history(shop, sku=sku, to=after_the_first)["series"][0]["receipts"]
    assert [one["quantity"] for one in until_then] == [4]


def test_a_product_that_nobody_knows_is_not_found(shop: Shop) -> None:
    for path in ("/api/stock-history", "/api/sales-history"):
        assert shop.client.get(path, query_string={"sku": "NO-SUCH-THING"}).status_code == 404
