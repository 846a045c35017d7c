"""What is not an order: refused by name, with nothing taken and never an error of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factory_mock.conftest import client_of_factory, running_factory
from tests.factory_mock.test_orders_over_http import as_xml

ORDER: dict[str, Any] = {
    "MessageAttributeProductId": "CP-502101",
    "MessageAttributeProductCnt": 10,
    "MessageAttributeFactoryId": "FF-500293",
    "CallbackUrl": "http://127.0.0.1:9/callback",
}
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of one factory for all: it takes none of these orders, so that none is in another's way."""
    with running_factory() as factory:
        yield client_of_factory(factory, var_dir=tmp_path_factory.mktemp("var"))


def problem(response: TestResponse, status: int, field: str) -> dict[str, Any]:
    """Check that a response is a problem document that names the field, and return it."""
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    document: dict[str, Any] = response.get_json(force=True)
    assert document["status"] == status
    assert field in [error["field"] for error in document["errors"]]
    return document


@pytest.mark.parametrize("limit", ["0", "201", "-1", "1.5", "", "many", "９"])
def test_a_limit_that_is_no_number_from_1_to_200_is_refused(client: FlaskClient, limit: str) -> None:
    problem(client.get("/api/manufactures", query_string={"limit": limit}), 422, "limit")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("MessageAttributeProductCnt", True),
        ("MessageAttributeProductCnt", 1.5),
        ("MessageAttributeProductCnt", 10.0),
        ("MessageAttributeProductCnt", 0),
        ("MessageAttributeProductCnt", -1),
        ("MessageAttributeProductCnt", 1_000_000),
        ("MessageAttributeProductCnt", 10**40),
        ("MessageAttributeProductCnt", "0"),
        ("MessageAttributeProductCnt", "1.5"),
        ("MessageAttributeProductCnt", " 10"),
        ("MessageAttributeProductCnt", "１０"),
        ("MessageAttributeProductCnt", None),
        ("MessageAttributeProductCnt", [10]),
        ("MessageAttributeProductId", ""),
        ("MessageAttributeProductId", 502101),
        ("MessageAttributeProductId", "CP-502101 "),
        ("MessageAttributeProductId", "CP\u0000"),
        ("MessageAttributeProductId", "CP\r\nX-Evil: 1"),
        ("MessageAttributeProductId", "C" * 65),
        ("MessageAttributeFactoryId", None),
        ("MessageAttributeRequester", "부" * 129),
        ("MessageAttributeRequester", "\u0085부산"),
        ("MessageAttributeTel", {"number": 1}),
        ("MessageGroupId", ["stock-arrival-group"]),
        ("CallbackUrl", ""),
        ("CallbackUrl", "http://127.0.0.1/" + "x" * 2048),
        ("CallbackUrl", "http://example.com/callbacks"),
        ("CallbackUrl", "ftp://127.0.0.1/callbacks"),
        ("CallbackUrl", "http://user:password@127.0.0.1/"),
        ("Surprise", "x"),
        ("callbackurl", "x"),
    ],
)
def test_a_wrong_field_is_refused_by_name(client: FlaskClient, field: str, value: object) -> None:
    response = client.post("/api/manufactures", json=ORDER | {field: value})

    problem(response, 422, field)
    assert client.get("/api/manufactures").get_json()["orders"] == []


@pytest.mark.parametrize(
    "field",
    ["MessageAttributeProductId", "MessageAttributeProductCnt", "MessageAttributeFactoryId", "CallbackUrl"],
)
def test_a_missing_field_is_named(client: FlaskClient, field: str) -> None:
    order = {name: value for name, value in ORDER.items() if name != field}

    problem(client.post("/api/manufactures", json=order), 422, field)


@pytest.mark.parametrize("header", ["Idempotency-Key", "X-Correlation-Id"])
@pytest.mark.parametrize("key", ["", "two words", "k" * 201, "키".encode().decode("latin-1")])
def test_a_wrong_key_is_refused_by_name(client: FlaskClient, key: str, header: str) -> None:
    response = client.post("/api/manufactures", json=ORDER, headers={header: key})

    problem(response, 422, header)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b"\xff\xfe",
        b'{"MessageAttributeProductId":"\\ud800"}',
        b"\xef\xbb\xbf{}",
        b"NaN",
        b"<Order/>",
    ],
    ids=["empty", "cut", "nested", "nested-objects", "binary", "surrogate", "mark", "nan", "xml"],
)
def test_a_malformed_json_body_is_refused(client: FlaskClient, body: bytes) -> None:
    problem(client.post("/api/manufactures", data=body, headers=JSON), 400, "body")


@pytest.mark.parametrize("body", ["[]", '"order"', "null", "10"])
def test_json_that_is_no_object_is_refused(client: FlaskClient, body: str) -> None:
    problem(client.post("/api/manufactures", data=body, headers=JSON), 422, "body")


BILLION_LAUGHS = (
    '<!DOCTYPE Order [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    "<Order><MessageAttributeProductId>&b;</MessageAttributeProductId></Order>"
)
OUTSIDE_FILE = '<!DOCTYPE Order [<!ENTITY f SYSTEM "file:///etc/hostname">]><Order><Tel>&f;</Tel></Order>'


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<Order>",
        "{}",
        "<Orders/>",
        BILLION_LAUGHS,
        OUTSIDE_FILE,
        '<!DOCTYPE Order SYSTEM "http://127.0.0.1/order.dtd"><Order/>',
        "<Order><CallbackUrl><b/></CallbackUrl></Order>",
        "<Order><CallbackUrl>a</CallbackUrl><CallbackUrl>b</CallbackUrl></Order>",
        '<?xml version="1.0" encoding="euc-kr"?><Order/>',
        '<?xml version="1.0" encoding="no-such"?><Order/>',
        "<Order>" + "<a>" * 15_000,
        "<Order>&undefined;</Order>",
    ],
)
def test_a_malformed_xml_body_is_refused_and_no_entity_expanded(client: FlaskClient, body: str) -> None:
    response = client.post("/api/manufactures", data=body.encode(), content_type="application/xml")

    problem(response, 400, "body")


def test_an_xml_order_is_as_strict_about_its_fields(client: FlaskClient) -> None:
    body = as_xml(ORDER | {"MessageAttributeProductCnt": "ten"})

    response = client.post("/api/manufactures", data=body, content_type="application/xml")

    problem(response, 422, "MessageAttributeProductCnt")


@pytest.mark.parametrize("media_type", [None, "text/plain", "text/xml", "application/x-www-form-urlencoded"])
def test_another_media_type_is_refused(client: FlaskClient, media_type: str | None) -> None:
    response = client.post("/api/manufactures", data=json.dumps(ORDER), content_type=media_type)

    problem(response, 415, "Content-Type")
    assert response.headers["Accept"] == "application/json, application/xml"


def test_a_body_of_one_megabyte_is_refused(client: FlaskClient) -> None:
    response = client.post("/api/manufactures", data=b" " * 1_000_000, headers=JSON)

    problem(response, 413, "body")


def test_many_unknown_fields_make_a_short_answer(client: FlaskClient) -> None:
    body = json.dumps({f"{'x' * 100}{n}": n for n in range(300)})

    response = client.post("/api/manufactures", data=body, headers=JSON)

    assert response.status_code == 422
    assert len(response.data) < 8_000


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_another_method_is_answered_with_those_that_there_are(client: FlaskClient, method: str) -> None:
    response = client.open("/api/manufactures", method=method)

    assert response.status_code == 405
    assert response.content_type == "application/problem+json"
    assert "POST" in response.headers["Allow"]


def test_an_unforeseen_error_is_a_problem_that_tells_nothing(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("signature=genuine")

    monkeypatch.setattr("factory_mock.factory.Factory.place", fail)

    response = client.post("/api/manufactures", json=ORDER)

    assert response.status_code == 500
    assert response.content_type == "application/problem+json"
    assert "genuine" not in response.text
