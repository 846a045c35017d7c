"""What the original promised, to the letter, over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.books import Books
from tests.integration.served import JSON, Served
from tests.integration.till import FACTORY_ID

ReadBooks = Callable[[], Books]


def test_the_originals_request_gets_the_originals_answer(served: Served, sku: str, read_books: ReadBooks) -> None:
    body = (
        '{"MessageGroupId":"stock-empty-group","subject":"부산도너츠","message":"재고 부족",'
        f'"MessageAttributeProductId":"{sku}","MessageAttributeFactoryId":"{FACTORY_ID}"}}'
    )

    answer = served.call("POST", "/send", body=body.encode(), headers=JSON)

    assert (answer.status, answer.data) == (200, '{"message":"판매완료"}'.encode())
    assert answer.headers["Content-Type"] == "application/json"
    assert read_books().on_hand(sku) == 9


def test_the_eleventh_customer_hears_that_more_is_being_made(
    served: Served, sku: str, read_books: ReadBooks
) -> None:
    answers = [served.send(sku) for _ in range(11)]

    assert [answer.status for answer in answers] == [200] * 11
    assert [answer.json()["message"] for answer in answers[:10]] == ["판매완료"] * 10
    assert answers[10].data == '{"message":"재고부족, 제품 생산 요청!"}'.encode()
    books = read_books()
    assert books.on_hand(sku) == 0
    assert len(books.open_orders(sku)) == 1
    assert books.faults() == []


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"MessageAttributeFactoryId": FACTORY_ID},
        {"subject": "가" * 99},
        {"subject": "🍩" * 99, "message": "🍩" * 1000},
        {"message": "<script>alert('재고')</script> '; DROP TABLE product; --"},
        {"MessageGroupId": "x" * 128},
        {"quantity": "a field that the original ignores"},
    ],
)
def test_only_the_product_is_required_and_unknown_fields_are_ignored(
    served: Served, sku: str, fields: dict[str, Any]
) -> None:
    answer = served.send(sku, **fields)

    assert (answer.status, answer.json()) == (200, {"message": "판매완료"})


def test_the_customers_words_reach_the_outbox_as_they_are(served: Served, sku: str, read_books: ReadBooks) -> None:
    for _ in range(10):
        served.send(sku)

    served.send(sku, subject="🍩 '; DROP TABLE outbox; --", message='"\\{}%s 도넛')

    [row] = [row for row in read_books()["outbox"] if row["message_group"] == sku]
    assert row["subject"] == "🍩 '; DROP TABLE outbox; --"
    assert row["body"].startswith('"\\{}%s 도넛 \n \n This was sent: ')


def test_status_is_ok(served: Served) -> None:
    answer = served.call("GET", "/status")

    assert (answer.status, answer.data) == (200, b'{"status":"ok"}')


def test_a_delivery_is_answered_as_the_original_does(
    served: Served, sku: str, order: str, read_books: ReadBooks
) -> None:
    answer = served.deliver(
        order,
        10,
        MessageGroupId="stock-arrival-group",
        MessageAttributeProductId=sku,
        MessageAttributeFactoryId=FACTORY_ID,
        MessageAttributeRequester="부산도너츠",
        MessageAttributeTel="",
        CallbackUrl="http://127.0.0.1:8000/",
    )

    assert (answer.status, answer.data) == (200, '{"message":"입고완료"}'.encode())
    assert read_books().on_hand(sku) == 20
