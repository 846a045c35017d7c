"""When an order is made, how large it is, and why: the table of the reorder rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.reorder import (
    Cause,
    ReorderPolicy,
    decide_reorder,
    decide_restock,
    may_run_short,
)

POLICIES = st.builds(
    ReorderPolicy,
    reorder_point=st.none() | st.integers(0, 50),
    lot_size=st.integers(1, 30),
)


@pytest.mark.parametrize("on_hand", [0, 1, 10])
def test_without_a_reorder_point_an_empty_shelf_alone_orders_nothing(on_hand: int) -> None:
    policy = ReorderPolicy(reorder_point=None, lot_size=10)

    assert decide_reorder(policy=policy, on_hand=on_hand, on_order=0) is None


@pytest.mark.parametrize(
    ("reorder_point", "lot_size", "on_hand", "lacked", "shortage", "quantity", "cause"),
    [
        pytest.param(None, 10, 0, 1, 1, 10, Cause.REFUSED_PURCHASE, id="no point: what was lacked, in one lot"),
        pytest.param(None, 10, 3, 10, 10, 10, Cause.REFUSED_PURCHASE, id="exactly one lot"),
        pytest.param(None, 10, 3, 11, 11, 20, Cause.REFUSED_PURCHASE, id="one unit more is another lot"),
        pytest.param(None, 1, 0, 7, 7, 7, Cause.REFUSED_PURCHASE, id="lots of one"),
        pytest.param(0, 10, 0, 0, 1, 10, Cause.REORDER_POINT, id="a point of 0 orders when the shelf is empty"),
        pytest.param(5, 10, 5, 0, 1, 10, Cause.REORDER_POINT, id="on the point"),
        pytest.param(5, 10, 4, 0, 2, 10, Cause.REORDER_POINT, id="below the point"),
        pytest.param(15, 10, 0, 0, 16, 20, Cause.REORDER_POINT, id="far below: two lots"),
        pytest.param(5, 10, 4, 1, 2, 10, Cause.REFUSED_PURCHASE, id="the point wants more than was lacked"),
        pytest.param(5, 10, 4, 30, 30, 30, Cause.REFUSED_PURCHASE, id="more was lacked than the point wants"),
        pytest.param(5, 10, 8, 12, 12, 20, Cause.REFUSED_PURCHASE, id="lacked, though above the point"),
    ],
)
def test_a_shortage_orders_the_least_whole_number_of_lots(
    reorder_point: int | None,
    lot_size: int,
    on_hand: int,
    lacked: int,
    shortage: int,
    quantity: int,
    cause: Cause,
) -> None:
    policy = ReorderPolicy(reorder_point=reorder_point, lot_size=lot_size)

    decision = decide_reorder(policy=policy, on_hand=on_hand, on_order=0, lacked=lacked)

    assert decision is not None
    assert (decision.shortage, decision.quantity, decision.cause) == (shortage, quantity, cause)


def test_the_decision_keeps_the_numbers_that_made_it() -> None:
    policy = ReorderPolicy(reorder_point=7, lot_size=4)

    decision = decide_reorder(policy=policy, on_hand=2, on_order=0, lacked=3)

    assert decision is not None
    assert (decision.on_hand, decision.reorder_point, decision.lot_size) == (2, 7, 4)


def test_one_unit_above_the_reorder_point_orders_nothing() -> None:
    policy = ReorderPolicy(reorder_point=5, lot_size=10)

    assert decide_reorder(policy=policy, on_hand=6, on_order=0) is None


@given(policy=POLICIES, on_hand=st.integers(0, 60), on_order=st.integers(1, 60), lacked=st.integers(0, 60))
def test_an_order_under_way_is_never_doubled(
    policy: ReorderPolicy, on_hand: int, on_order: int, lacked: int
) -> None:
    assert decide_reorder(policy=policy, on_hand=on_hand, on_order=on_order, lacked=lacked) is None


@given(policy=POLICIES, on_hand=st.integers(0, 60), lacked=st.integers(0, 60))
def test_an_order_covers_the_shortage_by_less_than_a_lot_too_many(
    policy: ReorderPolicy, on_hand: int, lacked: int
) -> None:
    decision = decide_reorder(policy=policy, on_hand=on_hand, on_order=0, lacked=lacked)

    if decision is not None:
        assert decision.quantity % policy.lot_size == 0
        assert 0 <= decision.quantity - decision.shortage < policy.lot_size
        assert policy.reorder_point is None or on_hand + decision.quantity > policy.reorder_point


@given(policy=POLICIES, on_hand=st.integers(0, 60), bought=st.lists(st.integers(1, 20), max_size=5))
def test_a_list_that_cannot_run_short_never_orders(policy: ReorderPolicy, on_hand: int, bought: list[int]) -> None:
    """What the purchase service relies on when it does not read the open orders."""
    if may_run_short(policy=policy, on_hand=on_hand - sum(bought)):
        return

    for quantity in bought:
        lacked = max(0, quantity - on_hand)
        on_hand -= quantity
        assert lacked == 0
        assert decide_reorder(policy=policy, on_hand=on_hand, on_order=0) is None


@pytest.mark.parametrize(("asked", "ordered"), [(None, 30), (1, 30), (30, 30), (31, 60)])
def test_an_operator_orders_whole_lots_and_one_where_no_quantity_is_said(asked: int | None, ordered: int) -> None:
    policy = ReorderPolicy(reorder_point=15, lot_size=30)

    decision = decide_restock(policy=policy, on_hand=40, quantity=asked)

    assert (decision.quantity, decision.cause) == (ordered, Cause.RESTOCK)
