"""The fake backend answers what the real one's document promises, no more and no less."""

from typing import Any

import pytest
from flask import Flask

from backend.bootstrap import Parts
from backend.entrypoints.app import create_app
from backend.settings import Settings
from tests.api.checked_client import CheckedClient, Published
from tests.dashboard.fake_backend import TOKEN, FakeBackend
from tests.dashboard.fake_shop import FakeShop, now

SKU = "CP-502102"
READS = (
    "/api/overview?minutes=60",
    "/api/products",
    "/api/sales-history",
    f"/api/stock-history?sku={SKU}&points=400",
    "/api/activity?limit=5",
    f"/api/products/{SKU}/movements?limit=5",
    "/api/replenishments?open=true&limit=5",
    "/api/replenishments/0199-0000",
    "/api/queues?minutes=15",
    "/api/queues/dead-letters",
    "/api/alerts",
    "/api/simulator/faults",
)
WRITES: tuple[tuple[str, str, Any], ...] = (
    ("POST", "/api/purchases", {"sku": SKU, "quantity": 1}),
    ("POST", "/api/purchases", {"sku": SKU, "quantity": 100}),
    ("POST", f"/api/products/{SKU}/restock", {"quantity": 30}),
    ("PATCH", f"/api/products/{SKU}", {"reorder_point": None, "lot_size": 12}),
    ("POST", f"/api/products/{SKU}/adjustments", {"quantity": -1, "reason": "told"}),
    ("POST", "/api/replenishments/0199-0000/cancel", {}),
    ("POST", "/api/queues/dead-letters/redrive", {"replenishment_ids": None}),
    ("PUT", "/api/simulator/faults", {"refuse": {"status": 503}}),
)


@pytest.fixture(scope="module")
def document() -> Any:
    """What the real backend publishes."""
    settings = Settings(callback_secrets=("a-secret-for-the-document",), operator_token=(TOKEN,), simulator=True)
    return create_app(Parts(settings)).test_client().get("/openapi.json").get_json()


@pytest.fixture
def client(document: Any) -> CheckedClient:
    """A client of the fake that holds every answer against the real document."""
    shop = FakeShop.with_catalogue()
    for status in ("requested", "received"):
        shop.order(SKU, quantity=30, cause="restock", status=status)
    shop.order("CP-502104", quantity=20, cause="reorder_point", last_error="503", dead_lettered_at=now())
    shop.alert("drift", SKU, korean="재고가 원장과 다릅니다", english="is not what its ledger says")
    shop.move(SKU, quantity=-1, kind="sale")
    shop.did("order", SKU, 30, number="RO-0001")
    app: Flask = FakeBackend(shop).app
    app.get("/openapi.json")(lambda: document)
    app.test_client_class = CheckedClient
    checked = app.test_client()
    assert isinstance(checked, CheckedClient)
    checked.expect(Published.read(app))
    return checked


@pytest.mark.parametrize("path", READS)
def test_what_it_shows_is_what_the_document_promises(client: CheckedClient, path: str) -> None:
    answer = client.get(path, headers={"Authorization": f"Bearer {TOKEN}"})

    assert answer.status_code == 200
    assert client.produced


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_what_it_does_is_what_the_document_promises(
    client: CheckedClient, method: str, path: str, body: Any
) -> None:
    client.open(path, method=method, json=body, headers={"Authorization": f"Bearer {TOKEN}"})

    assert client.produced


def test_without_a_token_it_refuses_as_the_document_says(client: CheckedClient) -> None:
    assert client.post(f"/api/products/{SKU}/restock", json={"quantity": 1}).status_code == 401
    assert client.produced
