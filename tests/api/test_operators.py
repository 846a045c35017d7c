"""Operators: who is one, who is not, and who did what."""

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from backend.store.tables import operator_action
from tests.api.shop import ALICE, BOB, FACTORY_ID, Shop, bearer, unused_sku

UNKNOWN_ID = "00000000-0000-7000-8000-000000000000"
CALLS = [
    ("POST", "/api/products"),
    ("PATCH", "/api/products/T-1"),
    ("POST", "/api/products/T-1/restock"),
    ("POST", "/api/products/T-1/adjustments"),
    ("POST", "/api/products/T-1/returns"),
    ("POST", "/api/products/import"),
    ("POST", "/api/movements/import"),
    ("POST", f"/api/replenishments/{UNKNOWN_ID}/cancel"),
    ("POST", "/api/queues/dead-letters/redrive"),
    ("GET", "/api/simulator/faults"),
    ("PUT", "/api/simulator/faults"),
]
_addresses = itertools.count(1)
every_call = pytest.mark.parametrize(("method", "path"), CALLS, ids=[" ".join(call) for call in CALLS])


def test_these_are_all_the_calls_of_operators(sqlite_shop: Shop) -> None:
    secured = {
        (method.upper(), path)
        for path, item in sqlite_shop.published.paths.items()
        for method, operation in item.items()
        if operation.get("security")
    }

    assert len(secured) == len(CALLS)


@every_call
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": f"Basic {ALICE}"},
        {"Authorization": ALICE},
        {"Authorization": f"Bearer {ALICE}x"},
        {"Authorization": f"Bearer {ALICE[:-1]}"},
        {"Authorization": f"Bearer alice:{ALICE}"},
        {"Authorization": "Bearer 열쇠".encode().decode("latin-1")},
    ],
)
def test_nobody_without_a_token_is_an_operator(
    sqlite_shop: Shop, method: str, path: str, headers: dict[str, str]
) -> None:
    """Not even the body is looked at: one that is wrong is answered the same."""
    address = {"REMOTE_ADDR": f"10.1.{next(_addresses)}.1"}

    response = sqlite_shop.client.open(path, method=method, data=b"{", headers=headers, environ_overrides=address)

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    problem = response.get_json(force=True)
    assert problem["type"] == "urn:factoauto:problem:unauthorized"
    assert ALICE not in response.text


@every_call
def test_with_no_token_configured_nobody_is_an_operator(
    make_shop: Callable[..., Shop], migrated_sqlite_url: str, method: str, path: str
) -> None:
    closed = make_shop(migrated_sqlite_url, operator_token="")

    response = closed.client.open(path, method=method, json={}, headers=bearer(ALICE))

    assert response.status_code == 401
    assert "FACTOAUTO_OPERATOR_TOKEN" in response.get_json(force=True)["detail"]


def test_any_spelling_of_bearer_will_do(sqlite_shop: Shop) -> None:
    for scheme in ("Bearer", "bearer", "BEARER"):
        response = sqlite_shop.client.patch(
            "/api/products/NO-SUCH-THING", json={}, headers={"Authorization": f"{scheme} {BOB}"}
        )
        assert response.status_code == 404


def test_who_guesses_waits_and_nobody_else_does(make_shop: Callable[..., Shop], migrated_sqlite_url: str) -> None:
    shop = make_shop(migrated_sqlite_url)

    def knock(token: str, client: str) -> Any:
        return shop.client.post(
            "/api/products", json={}, headers=bearer(token), environ_overrides={"REMOTE_ADDR": client}
        )

    guesses = [knock(f"guess-{number}", "10.9.9.9").status_code for number in range(12)]
    refused = knock(ALICE, "10.9.9.9")

    assert guesses == [401] * 10 + [429] * 2
    assert refused.status_code == 429, "not even the right token is looked at now"
    assert int(refused.headers["Retry-After"]) > 0
    assert knock(ALICE, "10.9.9.8").status_code == 422
    assert shop.client.get("/api/products", environ_overrides={"REMOTE_ADDR": "10.9.9.9"}).status_code == 200


def test_every_token_is_compared_in_constant_time(sqlite_shop: Shop, compared: list[tuple[bytes, bytes]]) -> None:
    """Neither how much of a token is right nor whose it is can be told from the time."""
    response = sqlite_shop.client.patch("/api/products/NO-SUCH-THING", json={}, headers=bearer(ALICE))

    assert response.status_code == 404
    assert [known for known, _ in compared] == [ALICE.encode(), BOB.encode()]


def test_who_sends_no_token_at_all_does_not_have_to_wait(sqlite_shop: Shop) -> None:
    """A browser asks first without one."""
    for _ in range(15):
        response = sqlite_shop.client.post("/api/products", json={}, environ_overrides={"REMOTE_ADDR": "10.9.9.7"})
        assert response.status_code == 401


def deeds(shop: Shop, subject: str | None) -> list[tuple[str, str, Any]]:
    """Who did what to whom, as written down."""
    statement = select(operator_action).where(operator_action.c.subject == subject).order_by(operator_action.c.id)
    with shop.parts.database.snapshot() as transaction:
        return [(row.actor, row.action, json.loads(row.detail)) for row in transaction.execute(statement)]


def test_what_operators_do_is_written_down_with_their_names(shop: Shop) -> None:
    sku = shop.open_product(on_hand=10)
    product = f"/api/products/{sku}"
    shop.operate("PATCH", product, {"price": 2_000}, token=BOB)
    shop.operate("POST", f"{product}/adjustments", {"quantity": -3, "reason": "깨짐"}, token=BOB)
    shop.operate("POST", f"{product}/returns", {"quantity": 1}, token=ALICE)
    order = shop.operate("POST", f"{product}/restock", {"quantity": 10}, token=BOB).get_json()
    shop.operate("POST", f"/api/replenishments/{order['id']}/cancel", token=ALICE)

    assert deeds(shop, sku) == [
        ("alice", "create_product", {"name": "부산도너츠", "price": 1_800, "on_hand": 10}),
        ("bob", "change_product", {"price": 2_000}),
        ("bob", "adjustment", {"quantity": -3, "reason": "깨짐"}),
        ("alice", "return", {"quantity": 1, "reason": None}),
        ("bob", "restock", {"quantity": 10}),
    ]
    assert deeds(shop, order["id"]) == [("alice", "cancel", {})]
    assert [(one["kind"], one["quantity"], one["actor"]) for one in shop.movements(sku)] == [
        ("return", 1, "alice"),
        ("adjustment", -3, "bob"),
        ("adjustment", 10, "alice"),
    ]
    assert (order["actor"], order["cause"]) == ("bob", "restock")


def test_what_happens_by_itself_has_no_operator(shop: Shop) -> None:
    sku = shop.open_product(on_hand=1)
    order = shop.order(shop.run_short(sku, 2)["replenishment_id"])
    shop.buy(sku, 1)
    shop.deliver(order["id"], 10)

    assert order["actor"] == "factoauto"
    assert [(one["kind"], one["actor"]) for one in shop.movements(sku)] == [
        ("receipt", FACTORY_ID),
        ("sale", "customer"),
        ("adjustment", "alice"),
    ]


def test_what_was_refused_is_not_written_down(shop: Shop) -> None:
    sku = shop.open_product(on_hand=1)
    shop.operate("POST", f"/api/products/{sku}/adjustments", {"quantity": -2, "reason": "gone"})
    unknown = unused_sku()
    shop.operate("PATCH", f"/api/products/{unknown}", {"price": 1})
    shop.operate("POST", f"/api/products/{unknown}/restock", {})

    assert [action for _, action, _ in deeds(shop, sku)] == ["create_product"]
    assert deeds(shop, unknown) == []


def test_a_bare_token_s_operator_is_called_operator(
    make_shop: Callable[..., Shop], migrated_sqlite_url: str
) -> None:
    shop = make_shop(migrated_sqlite_url, operator_token="just-a-token")

    response = shop.operate(
        "POST",
        "/api/products",
        {"sku": "A", "name": "a", "name_en": "a", "price": 1, "factory_id": "F", "on_hand": 1},
        token="just-a-token",
    )

    assert response.status_code == 201
    assert [one["actor"] for one in shop.movements("A")] == ["operator"]
