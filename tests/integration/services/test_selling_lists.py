"""A list of purchases is sold as if one after another, whatever is in it."""

from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.domain.purchase import Purchase
from backend.domain.sale import PurchaseRequest
from backend.services.purchase import Answer, IdempotencyKeyReused, PurchaseAnswer
from backend.store.purchases import list_purchases_by_key
from tests.integration.books import Books
from tests.integration.till import DONUT, FACTORY_ID, Till, wants

PRODUCTS = ("A", "B")

Wish = tuple[str, int, str | None, str | None]

WISHES = st.lists(
    st.tuples(
        st.sampled_from([*PRODUCTS, "missing"]),
        st.integers(1, 6),
        st.none() | st.sampled_from(["k1", "k2", "k3"]),
        st.sampled_from([None, FACTORY_ID, "FF-000000"]),
    ),
    max_size=10,
)
SHELVES = st.tuples(st.integers(0, 12), st.none() | st.integers(0, 6), st.integers(1, 6), st.booleans())

numbers = count()


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(shelves=st.tuples(SHELVES, SHELVES), wishes=WISHES)
def test_a_list_is_sold_as_if_one_after_another(
    till: Till, shelves: tuple[tuple[int, int | None, int, bool], ...], wishes: list[Wish]
) -> None:
    at_once, one_by_one = f"{next(numbers)}", f"{next(numbers)}"
    for shop in (at_once, one_by_one):
        for product, (on_hand, reorder_point, lot_size, restocked) in zip(PRODUCTS, shelves, strict=True):
            sku = f"{product}-{shop}"
            till.open(sku, on_hand=on_hand, reorder_point=reorder_point, lot_size=lot_size)
            if restocked:
                till.restock(sku=sku)

    together = till.sell(*(_request(wish, shop=at_once) for wish in wishes))
    apart = [till.sell(_request(wish, shop=one_by_one))[0] for wish in wishes]

    assert [_told(one, shop=at_once) for one in together] == [_told(one, shop=one_by_one) for one in apart]
    assert _orders(till, shop=at_once) == _orders(till, shop=one_by_one)


def _request(wish: Wish, *, shop: str) -> PurchaseRequest:
    product, quantity, key, factory_id = wish
    return wants(quantity, sku=f"{product}-{shop}", key=f"{key}-{shop}" if key else None, factory_id=factory_id)


def _told(answer: Answer, *, shop: str) -> object:
    """An answer without what differs between two shops: ids and moments."""
    if not isinstance(answer, PurchaseAnswer):
        return type(answer)
    made: Purchase = answer.purchase
    order = answer.replenishment
    return (
        made.sku.removesuffix(f"-{shop}"),
        made.quantity,
        made.outcome,
        (order.cause, order.shortage, order.quantity) if order else None,
    )


def _orders(till: Till, *, shop: str) -> object:
    return [
        [
            (order.cause, order.shortage, order.quantity, order.on_hand_at_request)
            for order in till.orders(sku=f"{product}-{shop}")
        ]
        for product in PRODUCTS
    ]


def test_the_same_key_twice_in_a_list_is_one_purchase_with_one_answer(till: Till) -> None:
    till.open(on_hand=10)

    first, other, repeat = till.sell(wants(2, key="mine"), wants(1), wants(2, key="mine"))

    assert isinstance(first, PurchaseAnswer)
    assert first == repeat != other


def test_the_same_key_with_two_bodies_in_a_list_is_refused_to_the_second(till: Till) -> None:
    till.open(on_hand=10)

    first, second = till.sell(wants(2, key="mine"), wants(3, key="mine"))

    assert isinstance(first, PurchaseAnswer)
    assert isinstance(second, IdempotencyKeyReused)


def test_a_key_whose_first_body_was_refused_is_good_for_the_second(till: Till) -> None:
    """As it is one after another: a refused purchase writes nothing, so its key was never used."""
    till.open(on_hand=10)

    refused, sold = till.sell(wants(2, sku="missing", key="mine"), wants(2, key="mine"))

    assert isinstance(refused, Exception)
    assert isinstance(sold, PurchaseAnswer)


def test_a_key_taken_by_somebody_just_now_spoils_nothing_for_the_rest_of_the_list(
    till: Till, read_books: Callable[[], Books], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list looked the key up before the other committed: the insert finds it taken, and all is tried again."""
    till.open(on_hand=10)
    theirs = till.buy(1, key="taken")
    looks = count()
    monkeypatch.setattr(
        "backend.services.purchase.list_purchases_by_key",
        lambda *given: [] if next(looks) == 0 else list_purchases_by_key(*given),
    )

    before, repeat, after = till.sell(wants(1, key="mine"), wants(1, key="taken"), wants(7))

    assert isinstance(repeat, PurchaseAnswer)
    assert repeat.purchase == theirs.purchase
    assert isinstance(before, PurchaseAnswer)
    assert isinstance(after, PurchaseAnswer)
    assert read_books().on_hand(DONUT) == 1
    assert read_books().faults() == []
