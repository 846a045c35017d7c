"""The invariants of the shop, with many at once: in the threads of one process, and in several processes."""

import random
from collections import Counter
from collections.abc import Callable, Sequence

import pytest

from tests.integration.books import Books
from tests.integration.rush import Answer, Crowd, Deed, in_threads
from tests.integration.till import DONUT, Till

ReadBooks = Callable[[], Books]
Rush = Callable[[Sequence[Deed]], list[Answer]]


@pytest.fixture(params=["threads", "processes"])
def rush(request: pytest.FixtureRequest, till: Till, migrated_database_url: str) -> Rush:
    """Does everything at once."""
    if request.param == "threads":
        return lambda deeds: in_threads(till, deeds, threads=16)
    crowd: Crowd = request.getfixturevalue("crowd")
    return lambda deeds: crowd.do(migrated_database_url, deeds)


def test_a_rush_never_sells_more_than_there_is(till: Till, rush: Rush, read_books: ReadBooks) -> None:
    till.open(on_hand=30)

    answers = rush([Deed("buy", DONUT)] * 120)

    assert Counter(answer.what for answer in answers) == {"sold": 30, "out_of_stock": 90}
    books = read_books()
    assert books.faults() == []
    assert (books.on_hand(DONUT), books.sold(DONUT)) == (0, 30)


def test_a_hundred_refused_customers_make_one_order_and_one_message(
    till: Till, rush: Rush, read_books: ReadBooks
) -> None:
    till.open(on_hand=0)

    answers = rush([Deed("buy", DONUT)] * 100)

    books = read_books()
    [order] = books["replenishment"]
    assert {answer.replenishment_id for answer in answers} == {order["id"]}
    assert len(books["outbox"]) == 1
    assert books.faults() == []


def test_a_callback_that_comes_many_times_at_once_is_received_once(
    till: Till, rush: Rush, read_books: ReadBooks
) -> None:
    till.open(on_hand=0)
    order = till.restock().replenishment.id

    answers = rush([Deed("deliver", order, quantity=10, name="the-one")] * 24)

    assert {answer.what for answer in answers} == {"received"}
    assert read_books().on_hand(DONUT) == 10
    assert read_books().faults() == []


def test_deliveries_that_race_for_the_rest_never_bring_more_than_was_ordered(
    till: Till, rush: Rush, read_books: ReadBooks
) -> None:
    till.open(on_hand=0)
    order = till.restock().replenishment.id

    answers = rush([Deed("deliver", order, quantity=3, name=f"part-{n}") for n in range(24)])

    counted = Counter(answer.what for answer in answers)
    assert counted == {"received": 3, "OverDelivery": 21}
    assert read_books().on_hand(DONUT) == 9
    assert read_books().faults() == []


def test_one_key_many_times_at_once_is_one_purchase_with_one_answer(
    till: Till, rush: Rush, read_books: ReadBooks
) -> None:
    till.open(on_hand=30)

    answers = rush([Deed("buy", DONUT, quantity=2, name="the-one")] * 24)

    assert len(set(answers)) == 1
    assert read_books().sold(DONUT) == 2
    assert read_books().faults() == []


def test_one_key_with_many_bodies_at_once_is_good_for_one_of_them(
    till: Till, rush: Rush, read_books: ReadBooks
) -> None:
    """Quantities and products differ; so the lock on a product alone does not decide it."""
    skus = ["A", "B", "C"]
    for sku in skus:
        till.open(sku, on_hand=100)

    answers = rush([Deed("buy", skus[n % 3], quantity=n + 1, name="the-one") for n in range(24)])

    assert Counter(answer.what for answer in answers) == {"sold": 1, "IdempotencyKeyReused": 23}
    assert len(read_books()["purchase"]) == 1
    assert read_books().faults() == []


def test_many_keys_over_many_products_answer_each_repeat_alike(
    till: Till, rush: Rush, read_books: ReadBooks
) -> None:
    skus = ["A", "B", "C"]
    for sku in skus:
        till.open(sku, on_hand=4, reorder_point=2, lot_size=5)
    deeds = [Deed("buy", skus[n % 3], name=f"key-{n}") for n in range(30)] * 4
    random.Random(7).shuffle(deeds)

    answers = rush(deeds)

    by_key: dict[str | None, set[Answer]] = {}
    for deed, answer in zip(deeds, answers, strict=True):
        by_key.setdefault(deed.name, set()).add(answer)
    assert all(len(alike) == 1 for alike in by_key.values())
    books = read_books()
    assert len(books["purchase"]) == 30
    assert [books.sold(sku) for sku in skus] == [4, 4, 4]
    assert books.faults() == []


def test_lists_with_the_same_products_and_keys_in_other_orders_never_block_each_other(
    till: Till, rush: Rush, read_books: ReadBooks
) -> None:
    skus = ["A", "B", "C", "D"]
    for sku in skus:
        till.open(sku, on_hand=20, reorder_point=5, lot_size=10)
    shuffler = random.Random(3)
    wishes = [(skus[n % 4], 1, f"key-{n}") for n in range(16)]
    deeds = [Deed("sell", wishes=shuffler.sample(wishes, 6)) for _ in range(36)]

    answers = rush(deeds)

    assert {what for answer in answers for what in answer.what.split()} == {"sold"}
    books = read_books()
    asked = {key for deed in deeds for _, _, key in deed.wishes}
    assert {row["idempotency_key"] for row in books["purchase"]} == asked
    assert books.faults() == []


def test_buyers_deliveries_and_operators_at_once_leave_the_books_balanced(
    till: Till, rush: Rush, read_books: ReadBooks
) -> None:
    orders: dict[str, str] = {}
    for sku in ("A", "B", "C", "D"):
        till.open(sku, on_hand=12, reorder_point=None if sku == "A" else 6, lot_size=10)
        orders[sku] = till.restock(sku=sku).replenishment.id
    deeds = [Deed("buy", sku, quantity=quantity) for sku in orders for quantity in (1, 2, 3) * 6]
    deeds += [Deed("deliver", order, quantity=5, name=str(n % 2)) for order in orders.values() for n in range(6)]
    deeds += [Deed("restock", sku, quantity=4) for sku in orders] * 3
    deeds += [Deed("cancel", order) for order in orders.values()] * 2
    random.Random(11).shuffle(deeds)

    answers = rush(deeds)

    assert {answer.what for answer in answers} <= {
        "sold",
        "out_of_stock",
        "received",
        "made",
        "found",
        "cancelled",
        "TooLateToCancel",
        "ReplenishmentClosed",
    }
    assert read_books().faults() == []
