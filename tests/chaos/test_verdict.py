"""The verdict finds what it is there to find, in a shop where just that went wrong."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from backend.domain.sale import Outcome
from backend.store.engine import make_engine
from backend.store.unit_of_work import Database
from tests.chaos.buyers import Bought
from tests.chaos.verdict import SHOWN, judge
from tests.integration.books import Books
from tests.integration.till import DONUT, Till

NOON = datetime(2026, 11, 25, 12)  # noqa: DTZ001 - as the books have it


@pytest.fixture
def engine(tmp_path: Path, fill_with_tables: Callable[[str], None]) -> Iterator[sa.Engine]:
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    fill_with_tables(url)
    made = make_engine(database_url=url, connections=2)
    yield made
    made.dispose()


@pytest.fixture
def till(engine: sa.Engine) -> Till:
    """A shop with ten donuts, which are ordered when three are left."""
    till = Till(Database(engine))
    till.open(on_hand=10, reorder_point=3)
    return till


def buy(till: Till, quantity: int, *, key: str = "a") -> Bought:
    """Buy, and be told of it."""
    purchase = till.buy(quantity, key=key).purchase
    return Bought(key, DONUT, quantity, purchase.outcome.value, purchase.id, requests=1, asked_last=NOON)


def verdict(engine: sa.Engine, *bought: Bought, never_answered: tuple[str, ...] = ()) -> list[str]:
    return judge(Books(engine), bought=bought, never_answered=never_answered)


def test_a_shop_where_all_is_as_told_is_in_order(till: Till, engine: sa.Engine) -> None:
    sold = buy(till, 8)
    refused = buy(till, 5, key="b")
    [order] = till.orders()
    till.deliver(order.id, order.quantity)

    assert refused.outcome == Outcome.OUT_OF_STOCK.value
    assert verdict(engine, sold, refused) == []


def test_a_purchase_that_was_answered_and_is_not_in_the_books_is_found(till: Till, engine: sa.Engine) -> None:
    lost = replace(buy(till, 1), key="lost")

    [first, second] = verdict(engine, lost)

    assert "lost was told 'sold', and is not in the books" in first
    assert "is in the books, and nobody was told" in second


@pytest.mark.parametrize(
    "told_wrongly", [{"outcome": "out_of_stock"}, {"quantity": 2}, {"sku": "CP-2"}, {"purchase_id": "another"}]
)
def test_a_purchase_that_was_told_otherwise_is_found(
    till: Till, engine: sa.Engine, told_wrongly: dict[str, object]
) -> None:
    bought = replace(buy(till, 1), **told_wrongly)  # type: ignore[arg-type]

    [fault] = verdict(engine, bought)

    assert fault.startswith("a was told (")


def test_who_was_never_answered_is_named(till: Till, engine: sa.Engine) -> None:
    assert verdict(engine, never_answered=("buyer-3-17",)) == ["buyer-3-17 was never answered"]


def test_an_order_that_is_still_open_is_found(till: Till, engine: sa.Engine) -> None:
    order = till.restock().replenishment

    assert verdict(engine) == [f"order {order.number} ({order.id}) is requested: None"]


def test_an_order_that_came_short_is_found(till: Till, engine: sa.Engine) -> None:
    order = till.restock().replenishment
    till.deliver(order.id, 9)

    assert verdict(engine) == [f"order {order.number} ({order.id}): 9 of 10 were received"]


def test_what_came_of_an_order_is_its_own_where_somebody_gave_up_the_rest(till: Till, engine: sa.Engine) -> None:
    order = till.restock().replenishment
    till.deliver(order.id, 4, delivery_id="part-1")
    till.cancel(order.id, although_ordered=True)

    assert verdict(engine) == []


def test_an_order_that_was_cancelled_after_some_of_it_came_is_found(till: Till, engine: sa.Engine) -> None:
    order = till.restock().replenishment
    till.deliver(order.id, 4, delivery_id="part-1")
    till.cancel(order.id, although_ordered=True)
    with engine.begin() as connection:  # by nobody
        connection.exec_driver_sql("DELETE FROM operator_action")

    assert verdict(engine) == [f"order {order.number} ({order.id}) is cancelled, and 4 were received"]


def test_a_product_that_is_short_and_not_ordered_is_found(till: Till, engine: sa.Engine) -> None:
    bought = buy(till, 8)
    till.cancel(till.orders()[0].id)
    with engine.begin() as connection:  # whatever was ordered instead is gone without a trace
        for table in ("outbox", "replenishment"):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - our own words

    assert verdict(engine, bought) == [f"{DONUT}: 2 on hand, reorder point 3, and nothing is ordered"]


def test_a_shelf_that_is_not_its_ledger_is_found(till: Till, engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE product SET on_hand = 11")

    assert verdict(engine) == [f"{DONUT}: 11 on hand, the ledger says 10"]


def test_many_faults_of_a_kind_are_told_short(till: Till, engine: sa.Engine) -> None:
    faults = verdict(engine, never_answered=tuple(map(str, range(SHOWN + 5))))

    assert len(faults) == SHOWN + 1
    assert faults[-1] == "... and 5 more like these"
