"""Events that AWS would never send, and those that strangers can make the gateway send."""

from types import ModuleType
from typing import Any

import pytest

from tests.lambdas.events import Context, http_event

NO_EVENTS: dict[str, Any] = {
    "nothing": {},
    "null": None,
    "a list": [],
    "a text": "event",
    "records are null": {"Records": None},
    "records are a text": {"Records": "Records"},
    "a record is a text": {"Records": ["record"]},
    "a record is null": {"Records": [None]},
    "a record is empty": {"Records": [{}]},
    "a record without a body": {"Records": [{"messageId": "1", "receiptHandle": "h", "eventSource": "aws:sqs"}]},
}
NO_REQUESTS: dict[str, dict[str, Any]] = {
    "an unknown version": {"version": "3.0"},
    "no path": {"rawPath": None},
    "headers are null": {"headers": None},
    "no context": {"requestContext": None},
    "a method that is a number": {"requestContext": {"http": {"method": 7}}},
}
HOSTILE = {
    "a template": "/api/products/{{7*7}}${7*7}",
    "a path out of here": "/docs/assets/../../../../etc/passwd",
    "the same, encoded": "/docs/assets/%2e%2e/%2e%2e/etc/passwd",
    "SQL": "/api/products/x'%20OR%20'1'='1",
    "a header": "/api/products/x%0d%0aSet-Cookie:%20a=b",
    "a NUL": "/api/products/%00",
    "half a character": "/api/products/%ed%a0%80",
    "a long one": "/api/products/" + "x" * 8_000,
    "a long query": "/api/products?cursor=" + "x" * 8_000,
    "a percent sign": "/api/products/%",
}


@pytest.mark.parametrize("event", NO_EVENTS.values(), ids=NO_EVENTS.keys())
def test_a_batch_that_is_none_fails_the_function_rather_than_to_count_as_done(
    lambdas: ModuleType, event: Any
) -> None:
    """Lambda keeps what it failed on; an answer without failures would delete it."""
    try:
        counted_as_done = not lambdas.stock_empty(event, Context())["batchItemFailures"]
    except Exception:
        counted_as_done = False

    assert not counted_as_done


@pytest.mark.parametrize("change", NO_REQUESTS.values(), ids=NO_REQUESTS.keys())
@pytest.mark.parametrize("handler", ["sale", "stock_inc"])
def test_what_the_gateway_never_sends_is_an_error_and_no_sale(
    lambdas: ModuleType, handler: str, change: dict[str, Any], sku: str
) -> None:
    event = http_event("POST", "/send", body={"MessageAttributeProductId": sku}) | change

    try:
        status = getattr(lambdas, handler)(event, Context())["statusCode"]
    except Exception as error:
        status = type(error).__name__

    assert status != 200 or change == {"headers": None}, status
    shelf = lambdas.sale(http_event("GET", f"/api/products/{sku}"), Context())
    assert '"on_hand":1' in shelf["body"]


def test_a_body_that_is_no_base64_is_not_taken_for_one(lambdas: ModuleType) -> None:
    event = http_event("POST", "/send", body="%%%") | {"isBase64Encoded": True}

    try:
        status = lambdas.sale(event, Context())["statusCode"]
    except ValueError:
        status = 400

    assert status == 400


@pytest.mark.parametrize("path", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_address_is_refused_and_not_repeated_in_a_header(lambdas: ModuleType, path: str) -> None:
    answer = lambdas.sale(http_event("GET", path), Context())

    assert answer["statusCode"] in (400, 404, 422)
    assert answer["headers"]["content-type"] == "application/problem+json"
    assert "set-cookie" not in answer["headers"]
    assert "root:" not in answer["body"]
