"""Who gets a unit and who does not."""

from backend.domain.reorder import Cause, ReorderPolicy
from backend.domain.sale import Outcome, PurchaseRequest, Shelf, decide_sales

SKU = "CP-502101"
ON_REFUSAL = ReorderPolicy(reorder_point=None, lot_size=10)


def _wants(*quantities: int, sku: str = SKU) -> list[PurchaseRequest]:
    return [PurchaseRequest(id=f"{sku}-{n}", sku=sku, quantity=quantity) for n, quantity in enumerate(quantities)]


def test_two_buyers_of_the_last_donut_get_one() -> None:
    shelf = Shelf(on_hand=1, on_order=0, policy=ON_REFUSAL)

    first, second = decide_sales(requests=_wants(1, 1), shelves={SKU: shelf})

    assert (first.outcome, second.outcome) == (Outcome.SOLD, Outcome.OUT_OF_STOCK)
    assert shelf.on_hand == 0


def test_the_first_refused_makes_the_order_and_the_next_ones_none() -> None:
    shelf = Shelf(on_hand=0, on_order=0, policy=ON_REFUSAL)

    decisions = decide_sales(requests=_wants(2, 50, 1), shelves={SKU: shelf})

    assert [one.reorder is not None for one in decisions] == [True, False, False]
    assert decisions[0].reorder is not None
    assert decisions[0].reorder.shortage == 2
    assert shelf.on_order == 10


def test_who_wants_too_many_leaves_them_for_who_wants_few() -> None:
    shelf = Shelf(on_hand=5, on_order=0, policy=ON_REFUSAL)

    decisions = decide_sales(requests=_wants(6, 5, 1), shelves={SKU: shelf})

    assert [one.outcome for one in decisions] == [Outcome.OUT_OF_STOCK, Outcome.SOLD, Outcome.OUT_OF_STOCK]
    assert [one.on_hand_after for one in decisions] == [5, 0, 0]


def test_a_sale_that_reaches_the_reorder_point_orders() -> None:
    shelf = Shelf(on_hand=7, on_order=0, policy=ReorderPolicy(reorder_point=5, lot_size=10))

    decisions = decide_sales(requests=_wants(1, 1, 1), shelves={SKU: shelf})

    assert [one.outcome for one in decisions] == [Outcome.SOLD] * 3
    assert [one.reorder and one.reorder.cause for one in decisions] == [None, Cause.REORDER_POINT, None]


def test_an_order_that_is_open_already_is_enough() -> None:
    shelf = Shelf(on_hand=0, on_order=10, policy=ON_REFUSAL)

    [decision] = decide_sales(requests=_wants(3), shelves={SKU: shelf})

    assert decision.outcome is Outcome.OUT_OF_STOCK
    assert decision.reorder is None


def test_products_do_not_take_from_each_other() -> None:
    shelves = {
        "A": Shelf(on_hand=1, on_order=0, policy=ON_REFUSAL),
        "B": Shelf(on_hand=2, on_order=0, policy=ON_REFUSAL),
    }
    requests = [*_wants(1, 1, sku="A"), *_wants(2, sku="B")]

    decisions = decide_sales(requests=requests, shelves=shelves)

    assert [one.outcome for one in decisions] == [Outcome.SOLD, Outcome.OUT_OF_STOCK, Outcome.SOLD]


def test_no_requests_are_no_decisions() -> None:
    assert decide_sales(requests=[], shelves={}) == []
