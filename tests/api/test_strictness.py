"""Strict types: what is not exactly what the document says is refused, and the field is named."""

import base64
import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.api.shop import ALICE, FACTORY_ID, Shop, bearer

NOT_INTEGERS: tuple[Any, ...] = ("5", True, 1.5, None, [], {}, "", 1e300, 2**64)
NOT_TEXTS: tuple[Any, ...] = (5, True, 1.5, None, [], {}, "")
NOT_FLAGS: tuple[Any, ...] = ("true", 1, 0, None, [], "", "yes")
SKU = "T-STRICT"
NEW = {"sku": "T-NEW", "name": "꽈배기", "name_en": "Twist", "price": 1, "factory_id": FACTORY_ID}
CONTROL = "two\nlines"
LONG = "가" * 201

BODIES: list[tuple[str, str, dict[str, Any], dict[str, tuple[Any, ...]]]] = [
    (
        "POST",
        "/api/purchases",
        {"sku": SKU, "quantity": 1},
        {"sku": (*NOT_TEXTS, "-", "a b", "가", "T-1\n", "x" * 65), "quantity": (*NOT_INTEGERS, 0, -1, 101)},
    ),
    (
        "POST",
        "/api/products",
        NEW,
        {
            "sku": (*NOT_TEXTS, "a/b", "-a", "a-", "x" * 65),
            "name": (*NOT_TEXTS, CONTROL, LONG),
            "name_en": (*NOT_TEXTS, CONTROL, LONG),
            "price": (*NOT_INTEGERS, -1, 1_000_000_001),
            "factory_id": (*NOT_TEXTS, " "),
            "on_hand": (*NOT_INTEGERS, -1, 1_000_001),
            "reorder_point": (*(one for one in NOT_INTEGERS if one is not None), -1, 1_000_001),
            "lot_size": (*NOT_INTEGERS, 0, 1_000_001),
        },
    ),
    (
        "PATCH",
        f"/api/products/{SKU}",
        {},
        {
            "name": (*NOT_TEXTS, CONTROL, LONG),
            "name_en": (*NOT_TEXTS, CONTROL, LONG),
            "price": (*NOT_INTEGERS, -1),
            "reorder_point": (*(one for one in NOT_INTEGERS if one is not None), -1),
            "lot_size": (*NOT_INTEGERS, 0),
            "archived": NOT_FLAGS,
        },
    ),
    (
        "POST",
        f"/api/products/{SKU}/restock",
        {},
        {"quantity": (*(one for one in NOT_INTEGERS if one is not None), 0, 1_000_001)},
    ),
    (
        "POST",
        f"/api/products/{SKU}/adjustments",
        {"quantity": 1, "reason": "count"},
        {
            "quantity": (*NOT_INTEGERS, 0, -1_000_001, 1_000_001),
            "reason": (*NOT_TEXTS, CONTROL, LONG),
        },
    ),
    (
        "POST",
        f"/api/products/{SKU}/returns",
        {"quantity": 1},
        {
            "quantity": (*NOT_INTEGERS, 0, -1, 1_000_001),
            "reason": (*(one for one in NOT_TEXTS if one is not None), CONTROL, LONG),
        },
    ),
    (
        "POST",
        "/api/queues/dead-letters/redrive",
        {},
        {"replenishment_ids": ("x", 5, True, {}, ["x"], [5], [None], ["f" * 36] * 1001)},
    ),
]


@pytest.fixture(scope="module")
def strict_shop(sqlite_shop: Shop) -> Shop:
    """A shop with one product that nothing of this module may change."""
    sqlite_shop.open_product(sku=SKU)
    return sqlite_shop


def send(shop: Shop, method: str, path: str, body: object) -> TestResponse:
    text = json.dumps(body)  # the app's own writer refuses what is wrong here
    return shop.client.open(path, method=method, data=text, content_type="application/json", headers=bearer(ALICE))


def fields(response: TestResponse) -> list[str]:
    return [error["field"] for error in response.get_json(force=True)["errors"]]


@pytest.mark.parametrize(("method", "path", "body", "wrong"), BODIES, ids=[one[1] for one in BODIES])
def test_every_member_that_is_wrong_is_refused_by_name(
    strict_shop: Shop, method: str, path: str, body: dict[str, Any], wrong: dict[str, tuple[Any, ...]]
) -> None:
    before = strict_shop.product(SKU)
    for name, values in wrong.items():
        for value in values:
            response = send(strict_shop, method, path, body | {name: value})

            assert response.status_code == 422, (name, value)
            assert {field.split(".")[0] for field in fields(response)} == {name}, (name, value)
    assert strict_shop.product(SKU) == before


@pytest.mark.parametrize(("method", "path", "body", "wrong"), BODIES, ids=[one[1] for one in BODIES])
def test_a_member_that_is_not_known_is_refused_by_name(
    strict_shop: Shop, method: str, path: str, body: dict[str, Any], wrong: dict[str, tuple[Any, ...]]
) -> None:
    response = send(strict_shop, method, path, body | {"colour": "pink"})

    assert response.status_code == 422
    assert fields(response) == ["colour"]


def test_every_member_that_is_missing_is_named(strict_shop: Shop) -> None:
    assert fields(send(strict_shop, "POST", "/api/products", {})) == [
        "sku",
        "name",
        "name_en",
        "price",
        "factory_id",
    ]
    assert fields(send(strict_shop, "POST", "/api/purchases", {})) == ["sku"]


@pytest.mark.parametrize(("method", "path", "body", "wrong"), BODIES, ids=[one[1] for one in BODIES])
def test_what_is_not_a_json_object_is_refused_before_its_members(
    strict_shop: Shop, method: str, path: str, body: dict[str, Any], wrong: dict[str, tuple[Any, ...]]
) -> None:
    client, headers = strict_shop.client, bearer(ALICE)
    for text in (b"", b"{", b"[]", b"5", b"null", b'{"a": NaN}', b"\xff", b"[" * 60_000, b"\xef\xbb\xbf{}"):
        response = client.open(path, method=method, data=text, content_type="application/json", headers=headers)
        assert response.status_code == 400, text[:20]
    for media_type in (None, "text/plain", "text/json", "application/x-www-form-urlencoded"):
        response = client.open(path, method=method, data=b"{}", content_type=media_type, headers=headers)
        assert response.status_code == 415, media_type
    long = b'{"sku": "' + b"x" * 70_000 + b'"}'
    response = client.open(path, method=method, data=long, content_type="application/json", headers=headers)
    assert response.status_code == 413


NUMBERS = ("", " ", "x", "5.0", "1e1", " 5", "5 ", "+5", "05", "1_0", "٥", "true", "null", "9" * 5000, "0", "-1")
QUERIES = [
    ("/api/products", "limit", (*NUMBERS, "201")),
    ("/api/products", "cursor", ("", "a b", "가", "x" * 65)),
    (f"/api/products/{SKU}/movements", "limit", (*NUMBERS, "201")),
    (f"/api/products/{SKU}/movements", "cursor", (*NUMBERS, str(2**63))),
    ("/api/replenishments", "limit", (*NUMBERS, "201")),
    ("/api/replenishments", "cursor", (*NUMBERS, str(2**63))),
    ("/api/replenishments", "sku", ("", "a b", "x" * 65)),
    ("/api/replenishments", "open", ("", "1", "0", "yes", "True", "TRUE", "null")),
    ("/api/queues", "minutes", (*NUMBERS, "1441")),
    ("/api/overview", "minutes", (*NUMBERS, "1441")),
    ("/api/stock-history", "points", (*NUMBERS, "1", "1001")),
    ("/api/sales-history", "points", (*NUMBERS, "1", "1001")),
    ("/api/stock-history", "sku", ("", "a b", "가")),
    ("/api/activity", "limit", (*NUMBERS, "201")),
]


@pytest.mark.parametrize(("path", "name", "values"), QUERIES, ids=[f"{path} {name}" for path, name, _ in QUERIES])
def test_every_parameter_that_is_wrong_is_refused_by_name(
    strict_shop: Shop, path: str, name: str, values: tuple[str, ...]
) -> None:
    for value in values:
        response = strict_shop.client.get(path, query_string={name: value})

        assert response.status_code == 422, value
        assert {field.split(".")[0] for field in fields(response)} == {name}, value


def test_more_than_fifty_products_are_not_charted_at_once(strict_shop: Shop) -> None:
    response = strict_shop.client.get("/api/stock-history", query_string={"sku": [SKU] * 51})

    assert (response.status_code, fields(response)) == (422, ["sku"])


def forged(position: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


POSITION = {"purchase": "", "replenishment": 1, "delivery": 1, "action": 1}


def test_a_cursor_in_its_right_form_is_read(strict_shop: Shop) -> None:
    strict_shop.get("/api/activity", cursor=forged(POSITION))


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "%",
        "x",
        "AAAA",
        "x" * 501,
        forged([]),
        forged("x"),
        forged({}),
        *(
            forged(POSITION | wrong)
            for wrong in (
                {"replenishment": 2**63},
                {"replenishment": 2**64},
                {"delivery": -1},
                {"delivery": None},
                {"action": "7"},
                {"action": True},
                {"action": 1.5},
                {"purchase": 7},
                {"purchase": "\x00"},
                {"purchase": "\ud800"},
                {"supplier": 7},
            )
        ),
    ],
)
def test_a_cursor_that_no_page_gave_is_refused(strict_shop: Shop, cursor: str) -> None:
    response = strict_shop.client.get("/api/activity", query_string={"cursor": cursor})

    assert (response.status_code, fields(response)) == (422, ["cursor"])


@pytest.mark.parametrize(
    "path",
    [
        "/api/products/a b",
        "/api/products/가",
        "/api/products/%00",
        "/api/products/%ff",
        "/api/products/" + "x" * 65,
        "/api/products/-/movements",
        "/api/purchases/x",
        "/api/purchases/" + "F" * 36,
        "/api/replenishments/x",
        "/api/replenishments/" + "g" * 36,
    ],
)
def test_what_cannot_be_an_id_is_refused(strict_shop: Shop, path: str) -> None:
    assert strict_shop.client.get(path).status_code == 422


@pytest.mark.parametrize(
    ("path", "status"),
    [("/api", 404), ("/api/products/", 404), ("/api//products", 404), ("/api/products/a/b", 404)],
)
def test_what_is_no_call_is_a_problem_too(strict_shop: Shop, path: str, status: int) -> None:
    response = strict_shop.client.get(path)

    assert (response.status_code, response.mimetype) == (status, "application/problem+json")


def test_a_method_that_a_call_does_not_have_is_named_with_those_it_has(strict_shop: Shop) -> None:
    response = strict_shop.client.delete(f"/api/products/{SKU}")

    assert (response.status_code, response.mimetype) == (405, "application/problem+json")
    assert {"GET", "PATCH"} <= set(response.headers["Allow"].split(", "))


def test_head_is_answered_as_get_without_the_body(strict_shop: Shop) -> None:
    response = strict_shop.client.head("/api/products")

    assert (response.status_code, response.mimetype, response.data) == (200, "application/json", b"")
