"""What a delivery makes of its order."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.delivery import THE_ONLY_DELIVERY, OverDelivery, accept_delivery
from backend.domain.replenishment import OPEN, Replenishment, Status, printed_number

ORDERED = Replenishment(
    id="0190b1a0-0000-7000-8000-000000000001",
    number=42,
    sku="CP-502101",
    factory_id="FF-500293",
    quantity=10,
    received_quantity=0,
    status=Status.ORDERED,
    cause="refused_purchase",
    shortage=1,
    on_hand_at_request=0,
    reorder_point_at_request=None,
    lot_size_at_request=10,
    actor="factoauto",
    correlation_id="a",
    attempts=0,
    last_error=None,
    expected_at=None,
    requested_at=datetime(2026, 11, 1, tzinfo=UTC),
    published_at=None,
    ordered_at=None,
    asked_at=None,
    dead_lettered_at=None,
    received_at=None,
    cancelled_at=None,
)


def test_everything_at_once_closes_the_order() -> None:
    accepted = accept_delivery(replenishment=ORDERED, delivery_id="a", quantity=10)

    assert (accepted.received_quantity, accepted.status) == (10, Status.RECEIVED)


def test_a_named_part_leaves_the_order_open() -> None:
    accepted = accept_delivery(replenishment=ORDERED, delivery_id="a", quantity=9)

    assert (accepted.received_quantity, accepted.status) == (9, Status.PARTIALLY_RECEIVED)


def test_the_last_part_closes_it() -> None:
    begun = replace(ORDERED, status=Status.PARTIALLY_RECEIVED, received_quantity=9)

    accepted = accept_delivery(replenishment=begun, delivery_id="b", quantity=1)

    assert (accepted.received_quantity, accepted.status) == (10, Status.RECEIVED)


def test_a_delivery_without_a_name_is_the_only_one_and_closes_the_order_short() -> None:
    accepted = accept_delivery(replenishment=ORDERED, delivery_id=THE_ONLY_DELIVERY, quantity=3)

    assert (accepted.received_quantity, accepted.status) == (3, Status.RECEIVED)


@pytest.mark.parametrize("delivery_id", ["a", THE_ONLY_DELIVERY])
def test_more_than_is_still_to_come_is_refused(delivery_id: str) -> None:
    begun = replace(ORDERED, status=Status.PARTIALLY_RECEIVED, received_quantity=4)

    with pytest.raises(OverDelivery, match="7 units delivered, but only 6 are still to come"):
        accept_delivery(replenishment=begun, delivery_id=delivery_id, quantity=7)


@pytest.mark.parametrize("status", list(Status))
def test_only_an_open_order_brings_anything(status: Status) -> None:
    order = replace(ORDERED, status=status)

    assert order.is_open is (status in OPEN)
    assert order.outstanding == (10 if status in OPEN else 0)


@given(parts=st.lists(st.integers(1, 10), min_size=1, max_size=12))
def test_whatever_comes_no_more_is_taken_than_was_ordered(parts: list[int]) -> None:
    order = ORDERED
    for name, quantity in enumerate(parts):
        if not order.is_open:
            break
        take = _take(order, delivery_id=str(name), quantity=quantity)
        order = take() if quantity <= order.outstanding else order

        assert 0 <= order.received_quantity <= order.quantity
        assert (order.status is Status.RECEIVED) == (order.received_quantity == order.quantity)


def _take(order: Replenishment, *, delivery_id: str, quantity: int) -> Callable[[], Replenishment]:
    def take() -> Replenishment:
        accepted = accept_delivery(replenishment=order, delivery_id=delivery_id, quantity=quantity)
        return replace(order, received_quantity=accepted.received_quantity, status=accepted.status)

    return take


@pytest.mark.parametrize(("number", "printed"), [(1, "RO-0001"), (42, "RO-0042"), (123456, "RO-123456")])
def test_numbers_are_said_with_at_least_four_digits(number: int, printed: str) -> None:
    assert printed_number(number) == printed
