"""Whatever is wrong with a request: it is told which field, it is never our fault, and nothing changes."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import urllib3

from tests.integration.books import Books
from tests.integration.served import JSON, TOKEN, Served, callback_path
from tests.integration.till import FACTORY_ID

ReadBooks = Callable[[], Books]

PRODUCT = "MessageAttributeProductId"
COUNT = "MessageAttributeProductCnt"
FACTORY = "MessageAttributeFactoryId"

NOT_OBJECTS = {
    "empty": b"",
    "not JSON": "재고".encode(),
    "truncated": b'{"MessageAttributeProductId": "CP-50',
    "a trailing comma": b'{"MessageAttributeProductId": "CP-502101",}',
    "single quotes": b"{'MessageAttributeProductId': 'CP-502101'}",
    "two objects": b"{}{}",
    "a list": b"[]",
    "a string": b'"CP-502101"',
    "a number": b"1",
    "null": b"null",
    "not a number": b'{"MessageAttributeProductCnt": NaN}',
    "not UTF-8": b'{"MessageAttributeProductId": "\xff\xfe"}',
    "UTF-16": '{"MessageAttributeProductId": "CP-502101"}'.encode("utf-16"),
    "half a character": rb'{"MessageAttributeProductId": "\ud800"}',
    "a NUL outside": b'{"MessageAttributeProductId": "CP-502101"}\x00',
    "lists in lists": b"[" * 60_000,
    "objects in objects": b'{"a":' * 12_000,
    "deep and well-formed": b'{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}",
}
NOT_WORDS: dict[str, Any] = {
    "a number": 502101,
    "true": True,
    "a fraction": 1.5,
    "null": None,
    "a list": ["CP-502101"],
    "an object": {"$ne": ""},
    "empty": "",
    "a space": " ",
    "a trailing space": "CP-502101 ",
    "a leading space": " CP-502101",
    "a space inside": "CP 502101",
    "a trailing newline": "CP-502101\n",
    "a tab": "CP\t502101",
    "a NUL": "CP-502101\x00",
    "an escape": "\x1b[31mCP",
    "too long": "C" * 65,
    "far too long": "C" * 10_000,
    "korean": "도너츠",
    "SQL": "' OR '1'='1",
    "more SQL": "CP-502101'; DROP TABLE product; --",
    "a wildcard": "%",
    "a path": "../../etc/passwd",
    "a right-to-left mark": "CP\u202e502101",
}
NOT_LINES: dict[str, Any] = {
    "a number": 5,
    "true": True,
    "a list": ["부산도너츠"],
    "empty": "",
    "too long": "가" * 100,
    "a newline": "부산\n도너츠",
    "a return": "부산\r도너츠",
    "a NUL": "부산\x00",
    "a delete": "부산\x7f",
    "a C1 control": "부산\x85",
    "a line separator": "부산\u2028도너츠",
    "a paragraph separator": "부산\u2029도너츠",
    "not a character": "부산\uffff",
}
NOT_TEXTS: dict[str, Any] = {
    "a number": 5,
    "empty": "",
    "too long": "가" * 1_001,
    "a NUL": "재고\x00",
    "not a character": "재고\ufffe",
}
NOT_COUNTS: dict[str, Any] = {
    "zero": 0,
    "negative": -1,
    "a fraction": 1.5,
    "a whole fraction": 1.0,
    "a string": "5",
    "true": True,
    "null": None,
    "a list": [5],
    "too many": 1_000_001,
    "huge": 10**30,
    "an exponent": 1e300,
}


def _cases(field: str, wrong: Mapping[str, Any]) -> list[Any]:
    return [pytest.param(field, value, id=f"{field} is {name}") for name, value in wrong.items()]


def _is_refused(answer: urllib3.BaseHTTPResponse, *, field: str | None = None) -> None:
    assert 400 <= answer.status < 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status
    assert problem["type"].startswith("urn:factoauto:problem:")
    assert problem["title"]
    if field is not None:
        assert field in [error["field"] for error in problem["errors"]]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *_cases(PRODUCT, NOT_WORDS),
        *_cases(FACTORY, {name: value for name, value in NOT_WORDS.items() if value is not None}),
        *_cases("subject", NOT_LINES),
        *_cases("message", NOT_TEXTS),
        *_cases("MessageGroupId", {"a number": 5, "too long": "x" * 129, "a newline": "a\nb"}),
    ],
)
def test_a_purchase_with_a_wrong_field_is_refused_by_the_name_of_the_field(
    served: Served, sku: str, read_books: ReadBooks, field: str, value: object
) -> None:
    before = read_books()

    answer = served.call("POST", "/send", body=json.dumps({PRODUCT: sku, field: value}).encode(), headers=JSON)

    _is_refused(answer, field=field)
    assert read_books() == before


@pytest.mark.parametrize("body", NOT_OBJECTS.values(), ids=NOT_OBJECTS.keys())
def test_a_body_that_is_no_json_object_is_refused_wherever_one_is_expected(
    served: Served, sku: str, order: str, read_books: ReadBooks, body: bytes
) -> None:
    before = read_books()

    answers = [
        served.call("POST", "/send", body=body, headers=JSON),
        served.call("POST", callback_path(order), body=body, headers=JSON),
        served.restock(sku, body=body),
    ]

    for answer in answers:
        _is_refused(answer)
        assert answer.status in (400, 422)
    assert read_books() == before


@pytest.mark.parametrize(
    "content_type",
    [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml", "json"],
)
def test_a_body_that_is_not_said_to_be_json_is_refused(
    served: Served, sku: str, order: str, read_books: ReadBooks, content_type: str | None
) -> None:
    before = read_books()
    headers = {"Content-Type": content_type} if content_type else {}

    answers = [
        served.call("POST", "/send", body=json.dumps({PRODUCT: sku}).encode(), headers=headers),
        served.call("POST", callback_path(order), body=b'{"MessageAttributeProductCnt": 1}', headers=headers),
    ]

    for answer in answers:
        _is_refused(answer)
        assert answer.status == 415
    assert read_books() == before


def test_a_body_of_a_megabyte_is_refused(served: Served, sku: str, order: str, read_books: ReadBooks) -> None:
    before = read_books()
    body = json.dumps({PRODUCT: sku, COUNT: 1, "message": "x" * 1_000_000}).encode()

    answers = [
        served.call("POST", "/send", body=body, headers=JSON),
        served.call("POST", callback_path(order), body=body, headers=JSON),
    ]

    assert [answer.status for answer in answers] == [413, 413]
    for answer in answers:
        _is_refused(answer)
    assert read_books() == before


def test_a_purchase_that_names_no_product_is_told_which_field_is_missing(served: Served) -> None:
    _is_refused(served.call("POST", "/send", body=b"{}", headers=JSON), field=PRODUCT)


def test_a_product_that_is_not_sold_is_not_found(served: Served, read_books: ReadBooks) -> None:
    before = read_books()

    answer = served.send("CP-404404")

    _is_refused(answer)
    assert answer.status == 404
    assert read_books() == before


def test_another_factory_is_refused_by_name(served: Served, sku: str, read_books: ReadBooks) -> None:
    before = read_books()

    answer = served.send(sku, MessageAttributeFactoryId="FF-000000")

    _is_refused(answer, field=FACTORY)
    assert read_books() == before


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 129, "키".encode().decode("latin-1")])
def test_a_key_that_is_none_is_refused_by_name(served: Served, sku: str, read_books: ReadBooks, key: str) -> None:
    before = read_books()

    _is_refused(served.send(sku, headers={"Idempotency-Key": key}), field="Idempotency-Key")
    assert read_books() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *_cases(COUNT, NOT_COUNTS),
        *_cases(PRODUCT, {"a number": 5, "empty": "", "a NUL": "CP\x00", "another's": "CP-404404"}),
        *_cases(FACTORY, {"a number": 5, "empty": "", "another's": "FF-000000"}),
    ],
)
def test_a_delivery_with_a_wrong_field_is_refused_by_the_name_of_the_field(
    served: Served, order: str, read_books: ReadBooks, field: str, value: object
) -> None:
    before = read_books()
    body = json.dumps({COUNT: 1, field: value}).encode()

    _is_refused(served.call("POST", callback_path(order), body=body, headers=JSON), field=field)
    assert read_books() == before


@pytest.mark.parametrize("header", ["webhook-id", "Idempotency-Key"])
@pytest.mark.parametrize("name", ["", "a b", "x" * 129, "키".encode().decode("latin-1")])
def test_a_delivery_with_a_name_that_is_none_is_refused_by_the_header(
    served: Served, order: str, read_books: ReadBooks, header: str, name: str
) -> None:
    before = read_books()

    _is_refused(served.deliver(order, 1, headers={header: name}), field=header)
    assert read_books() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *_cases("quantity", {name: value for name, value in NOT_COUNTS.items() if value is not None}),
        *_cases("quantity_of", {"a field that there is not": 5}),
    ],
)
def test_a_restock_with_a_wrong_field_is_refused_by_the_name_of_the_field(
    served: Served, sku: str, read_books: ReadBooks, field: str, value: object
) -> None:
    before = read_books()

    _is_refused(served.restock(sku, body=json.dumps({field: value}).encode()), field=field)
    assert read_books() == before


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/send", 405),
        ("PUT", "/send", 405),
        ("DELETE", "/api/products", 405),
        ("GET", "/nowhere", 404),
        ("GET", "/api/products/CP-404404", 404),
        ("GET", "/api/products/%00", 422),
        ("GET", "/api/products/%ff%fe", 422),
        ("GET", "/api/products?limit=0", 422),
        ("GET", "/api/products?limit=1e3", 422),
        ("GET", "/api/replenishments?cursor=-1", 422),
        ("GET", "/api/replenishments/1", 422),
    ],
)
def test_a_call_that_there_is_not_is_a_problem_too(served: Served, method: str, path: str, status: int) -> None:
    answer = served.call(method, path, headers={"Authorization": f"Bearer {TOKEN}"})

    _is_refused(answer)
    assert answer.status == status


def test_after_all_that_the_shop_still_sells(served: Served, sku: str, read_books: ReadBooks) -> None:
    assert served.send(sku, MessageAttributeFactoryId=FACTORY_ID).status == 200
    assert read_books().faults() == []
