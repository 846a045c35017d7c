"""The bench must notice a lost or a doubled unit, and must not cry for a request that was cut off."""

from dataclasses import replace

import pytest

from tests.bench.ledger import LostUnits, check_storm
from tests.bench.shop import Books
from tests.bench.storm import Storm

STORM = Storm(
    connections=4, seconds=1, answered=100, refused=0, broken=0, slow=0, p50_ms=1, p99_ms=2, longest_ms=3
)


def books(*, sold: int = 0, refused: int = 0, open_orders: int = 0) -> Books:
    return Books(
        sold=sold,
        refused=refused,
        movements=sold,
        moved_units=sold,
        minute_purchases=sold + refused,
        drifting_products=0,
        open_orders=open_orders,
    )


@pytest.mark.parametrize("sold", [100, 104])
def test_the_last_request_of_each_connection_may_be_sold_without_being_answered(sold: int) -> None:
    check_storm(storm=STORM, books=books(sold=sold))


@pytest.mark.parametrize("sold", [99, 105])
def test_a_lost_or_a_doubled_purchase_is_noticed(sold: int) -> None:
    with pytest.raises(LostUnits, match="100 to 104"):
        check_storm(storm=STORM, books=books(sold=sold))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"movements": 99}, "differ"),
        ({"moved_units": 101}, "differ"),
        ({"minute_purchases": 99}, "differ"),
        ({"drifting_products": 1}, "1 shelves are not the sum"),
        ({"open_orders": 1}, "1 orders are open"),
    ],
)
def test_books_that_contradict_themselves_are_noticed(wrong: dict[str, int], words: str) -> None:
    with pytest.raises(LostUnits, match=words):
        check_storm(storm=STORM, books=replace(books(sold=100), **wrong))


def test_an_answer_that_is_an_error_counts_as_no_purchase() -> None:
    with pytest.raises(LostUnits, match="3 requests were answered with an error"):
        check_storm(storm=replace(STORM, refused=3), books=books(sold=100))


def test_before_an_empty_shelf_everybody_is_refused_and_one_order_is_made() -> None:
    check_storm(storm=STORM, books=books(refused=101, open_orders=1), is_empty=True)

    for wrong in (books(refused=100, sold=1, open_orders=1), books(refused=101, open_orders=2)):
        with pytest.raises(LostUnits):
            check_storm(storm=STORM, books=wrong, is_empty=True)
