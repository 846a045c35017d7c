"""One customer after another."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from backend.domain.sale import Outcome
from backend.services.purchase import (
    IdempotencyKeyReused,
    PurchaseAnswer,
    UnknownProduct,
    WrongFactory,
)
from backend.store.products import change_product
from backend.store.purchases import forget_idempotency_keys
from tests.integration.books import Books
from tests.integration.till import DONUT, Till, wants

ReadBooks = Callable[[], Books]


def test_ten_are_sold_and_the_eleventh_customer_makes_the_order(till: Till, read_books: ReadBooks) -> None:
    till.open(on_hand=10)

    outcomes = [till.buy().purchase.outcome for _ in range(11)]

    assert outcomes == [Outcome.SOLD] * 10 + [Outcome.OUT_OF_STOCK]
    books = read_books()
    assert books.faults() == []
    assert books.on_hand(DONUT) == 0
    [order] = books["replenishment"]
    assert (order["quantity"], order["cause"], order["shortage"]) == (10, "refused_purchase", 1)
    assert [row["replenishment_id"] for row in books["outbox"]] == [order["id"]]


def test_a_purchase_larger_than_the_shelf_takes_nothing_of_it(till: Till, read_books: ReadBooks) -> None:
    till.open(on_hand=3)

    answer = till.buy(25)

    assert answer.purchase.outcome is Outcome.OUT_OF_STOCK
    assert answer.replenishment is not None
    assert (answer.replenishment.shortage, answer.replenishment.quantity) == (22, 30)
    assert read_books().on_hand(DONUT) == 3


def test_everybody_refused_while_an_order_is_open_waits_for_that_order(till: Till, read_books: ReadBooks) -> None:
    till.open(on_hand=0)

    waited_for = {till.buy().purchase.replenishment_id for _ in range(5)}

    assert len(waited_for) == 1
    books = read_books()
    assert books.faults() == []
    assert len(books["replenishment"]) == len(books["outbox"]) == 1


def test_a_sale_at_the_reorder_point_orders_before_the_shelf_is_empty(till: Till, read_books: ReadBooks) -> None:
    till.open(on_hand=7, reorder_point=5, lot_size=4)

    till.buy()
    assert read_books()["replenishment"] == []
    till.buy()

    [order] = till.orders()
    assert (order.quantity, order.shortage, order.cause) == (4, 1, "reorder_point")
    assert (order.on_hand_at_request, order.reorder_point_at_request, order.lot_size_at_request) == (5, 5, 4)


def test_the_price_of_the_moment_is_what_is_written_down(till: Till, read_books: ReadBooks) -> None:
    till.open(on_hand=2, price=1_800)
    till.buy()
    with till.database.unit_of_work() as transaction:
        change_product(transaction, DONUT, {"price": 2_000})
        transaction.commit()
    till.buy()

    assert sorted(row["unit_price"] for row in read_books()["purchase"]) == [1_800, 2_000]
    assert read_books().faults() == []


def test_the_customers_words_are_in_the_message_and_ours_where_there_are_none(
    till: Till, read_books: ReadBooks
) -> None:
    till.open("A", on_hand=0)
    till.open("B", on_hand=0)

    till.sell(replace(wants(sku="A"), subject="급해요", message="도넛이 없어요"), wants(sku="B"))

    theirs, ours = sorted(read_books()["outbox"], key=lambda row: str(row["message_group"]))
    assert theirs["subject"] == "급해요"
    assert theirs["body"].startswith("도넛이 없어요 \n \n This was sent: 20")
    assert ours["subject"] == "부산도너츠"
    assert ours["body"].startswith("재고 부족 \n \n This was sent: 20")


@pytest.mark.parametrize("sku", ["CP-404", "", "CP-502101 ", "cp-502101", "' OR 1=1 --", "도너츠", "C" * 500])
def test_a_product_that_is_not_there_is_refused_and_nothing_is_written(
    till: Till, read_books: ReadBooks, sku: str
) -> None:
    till.open()
    before = read_books()

    [answer] = till.sell(wants(sku=sku))

    assert isinstance(answer, UnknownProduct)
    assert read_books() == before


def test_another_factory_is_refused_and_nothing_is_written(till: Till, read_books: ReadBooks) -> None:
    till.open()
    before = read_books()

    [answer] = till.sell(wants(factory_id="FF-000000"))

    assert isinstance(answer, WrongFactory)
    assert read_books() == before


def test_an_archived_product_is_not_sold(till: Till, read_books: ReadBooks) -> None:
    till.open()
    with till.database.unit_of_work() as transaction:
        change_product(transaction, DONUT, {"archived_at": till.clock()})
        transaction.commit()
    before = read_books()

    [answer] = till.sell(wants())

    assert isinstance(answer, UnknownProduct)
    assert read_books() == before


def test_an_empty_list_sells_nothing(till: Till, read_books: ReadBooks) -> None:
    before = read_books()

    assert till.sell() == []
    assert read_books() == before


def test_a_key_seen_before_gets_its_first_answer_whatever_the_shelf_says_now(
    till: Till, read_books: ReadBooks
) -> None:
    till.open(on_hand=1)
    sold = till.buy(key="mine")
    refused = till.buy(key="yours")
    assert refused.replenishment is not None
    till.deliver(refused.replenishment.id, 10)
    before = read_books()

    again_sold, again_refused = till.buy(key="mine"), till.buy(key="yours")

    assert again_sold.purchase == sold.purchase
    assert again_refused.purchase == refused.purchase
    assert again_refused.replenishment is not None
    assert again_refused.replenishment.id == refused.replenishment.id
    assert read_books() == before


def test_a_key_with_another_body_is_refused(till: Till, read_books: ReadBooks) -> None:
    till.open("A")
    till.open("B")
    till.buy(1, sku="A", key="mine")
    before = read_books()

    answers = [till.sell(wants(2, sku="A", key="mine"))[0], till.sell(wants(1, sku="B", key="mine"))[0]]

    assert [type(answer) for answer in answers] == [IdempotencyKeyReused] * 2
    assert read_books() == before


def test_a_refused_purchase_leaves_its_key_free(till: Till) -> None:
    till.open()

    assert isinstance(till.sell(wants(sku="CP-404", key="mine"))[0], UnknownProduct)
    assert isinstance(till.sell(wants(sku=DONUT, key="mine"))[0], PurchaseAnswer)


def test_a_key_is_free_again_after_its_retention(till: Till, read_books: ReadBooks) -> None:
    till.open()
    first = till.buy(key="mine")

    with till.database.unit_of_work() as transaction:
        assert forget_idempotency_keys(transaction, now=till.clock() + timedelta(hours=23), limit=10) == 0
        assert forget_idempotency_keys(transaction, now=till.clock() + timedelta(hours=25), limit=10) == 1
        transaction.commit()

    assert till.buy(key="mine").purchase.id != first.purchase.id
    assert read_books().sold(DONUT) == 2
