"""The original's words, to the letter, and what is not one of its messages."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from backend.domain import original_wire
from backend.domain.original_wire import MalformedMessage, read_stock_empty

AT = datetime(2026, 11, 1, 12, 30, 15, 250_000, tzinfo=UTC)
ID = "0190b1a0-0000-7000-8000-000000000001"


def test_the_answers_are_the_originals() -> None:
    assert original_wire.SOLD == "판매완료"
    assert original_wire.OUT_OF_STOCK == "재고부족, 제품 생산 요청!"
    assert original_wire.RECEIVED == "입고완료"


def test_the_sns_message_is_the_originals_template() -> None:
    body = original_wire.stock_empty_body(message="재고 부족", at=AT)

    assert body == "재고 부족 \n \n This was sent: 2026-11-01T12:30:15.250000+00:00"


def test_the_sns_attributes_are_the_originals_and_ours() -> None:
    attributes = original_wire.stock_empty_attributes(sku="CP-502101", factory_id="FF-500293", replenishment_id=ID)

    assert attributes == {"ProductId": "CP-502101", "FactoryId": "FF-500293", "ReplenishmentId": ID}


def test_the_order_has_the_originals_keys_and_a_count_that_is_a_number() -> None:
    order = original_wire.factory_order(
        sku="CP-502101",
        quantity=10,
        factory_id="FF-500293",
        requester="부산도너츠",
        requester_tel="051-000-0000",
        callback_url="http://127.0.0.1:8000/callbacks",
    )

    assert order == {
        "MessageGroupId": "stock-arrival-group",
        "MessageAttributeProductId": "CP-502101",
        "MessageAttributeProductCnt": 10,
        "MessageAttributeFactoryId": "FF-500293",
        "MessageAttributeRequester": "부산도너츠",
        "MessageAttributeTel": "051-000-0000",
        "CallbackUrl": "http://127.0.0.1:8000/callbacks",
    }


def _envelope(**attributes: Any) -> str:
    return json.dumps(
        {
            "Type": "Notification",
            "Message": "재고 부족",
            "MessageAttributes": {name: {"Type": "String", "Value": value} for name, value in attributes.items()},
        }
    )


def test_an_envelope_says_product_and_replenishment() -> None:
    said = read_stock_empty(_envelope(ProductId="CP-502101", FactoryId="FF-500293", ReplenishmentId=ID))

    assert (said.sku, said.replenishment_id) == ("CP-502101", ID)


def test_a_message_of_the_original_names_no_replenishment() -> None:
    assert read_stock_empty(_envelope(ProductId="CP-502101")).replenishment_id is None


NOT_MESSAGES = {
    "empty": "",
    "not JSON": "재고 부족",
    "truncated": _envelope(ProductId="CP-502101")[:-3],
    "a bomb of brackets": "[" * 200_000,
    "a number": "1",
    "a number too long to read": "1" * 5_000,
    "null": "null",
    "a list": "[]",
    "a string": '"MessageAttributes"',
    "no attributes": "{}",
    "attributes are null": '{"MessageAttributes": null}',
    "attributes are a list": '{"MessageAttributes": []}',
    "attributes are a string": '{"MessageAttributes": "ProductId"}',
    "an attribute is a string": '{"MessageAttributes": {"ProductId": "CP-502101"}}',
    "an attribute is null": '{"MessageAttributes": {"ProductId": null}}',
    "an attribute has no value": '{"MessageAttributes": {"ProductId": {"Type": "String"}}}',
    "no product": _envelope(FactoryId="FF-500293"),
    "product is empty": _envelope(ProductId=""),
    "product is a number": _envelope(ProductId=502101),
    "product is an object": _envelope(ProductId={"a": 1}),
    "product is too long": _envelope(ProductId="C" * 65),
    "product is half a character": _envelope(ProductId="CP-\ud800"),
    "product has a NUL": _envelope(ProductId="CP-\x00"),
    "replenishment is empty": _envelope(ProductId="CP-502101", ReplenishmentId=""),
    "replenishment is a number": _envelope(ProductId="CP-502101", ReplenishmentId=1),
    "replenishment is too long": _envelope(ProductId="CP-502101", ReplenishmentId="a" * 37),
    "replenishment is half a character": _envelope(ProductId="CP-502101", ReplenishmentId="\udfff"),
}


@pytest.mark.parametrize("body", NOT_MESSAGES.values(), ids=NOT_MESSAGES.keys())
def test_what_is_not_an_envelope_with_a_product_is_malformed(body: str) -> None:
    with pytest.raises(MalformedMessage):
        read_stock_empty(body)
