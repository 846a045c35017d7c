"""The shop as its API's clients see it, and the deeds of those who are not clients: worker and factory."""

import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from backend.bootstrap import Parts
from backend.domain import signature
from backend.services import clock
from backend.store import replenishments
from tests.api.checked_client import CheckedClient, Published

SECRET = "a-secret-for-tests-only"
ALICE, BOB = "sesame-of-alice", "sesame-of-bob"
FACTORY_ID = "FF-500293"
JSON = dict[str, Any]

_numbers = itertools.count(1)


def bearer(token: str) -> dict[str, str]:
    """The header of an operator."""
    return {"Authorization": f"Bearer {token}"}


def unused_sku() -> str:
    """A sku that no other test uses."""
    return f"T-{next(_numbers):04d}"


@dataclass
class Shop:
    """An app, its parts, and calls on it; each returns the whole answer unless it says otherwise."""

    app: Flask
    parts: Parts

    @cached_property
    def client(self) -> CheckedClient:
        """A client that checks every answer. For threads, make each its own by ``another_client``."""
        return self.another_client()

    @cached_property
    def published(self) -> Published:
        """The document that answers are held against."""
        return Published.read(self.app)

    def another_client(self) -> CheckedClient:
        """A client of one's own."""
        client = self.app.test_client()
        assert isinstance(client, CheckedClient)
        client.expect(self.published)
        return client

    def get(self, path: str, **query: Any) -> Any:
        """What a GET that goes well says."""
        response = self.client.get(path, query_string=query)
        assert response.status_code == 200, response.text
        return response.get_json()

    def operate(
        self, method: str, path: str, body: object = None, *, key: str | None = None, token: str = ALICE
    ) -> TestResponse:
        """An operator's call."""
        headers = bearer(token) | ({"Idempotency-Key": key} if key else {})
        return self.client.open(path, method=method, json=body, headers=headers)

    def open_product(self, **values: Any) -> str:
        """Add a product with 10 units on its shelf, unless told otherwise; its sku."""
        sku = str(values.setdefault("sku", unused_sku()))
        given = {"name": "부산도너츠", "name_en": "Busan donut", "price": 1_800, "factory_id": FACTORY_ID}
        response = self.operate("POST", "/api/products", {"on_hand": 10} | given | values)
        assert response.status_code == 201, response.text
        return sku

    def product(self, sku: str) -> JSON:
        """A product."""
        found: JSON = self.get(f"/api/products/{sku}")
        return found

    def buy(self, sku: str, quantity: int = 1, *, key: str | None = None) -> TestResponse:
        """A customer's purchase."""
        headers = {"Idempotency-Key": key} if key else {}
        return self.client.post("/api/purchases", json={"sku": sku, "quantity": quantity}, headers=headers)

    def run_short(self, sku: str, quantity: int = 100) -> JSON:
        """Have a purchase refused; the problem that names the order made for it."""
        response = self.buy(sku, quantity)
        assert response.status_code == 409, response.text
        problem: JSON = response.get_json(force=True)
        return problem

    def take_order(self, replenishment_id: str) -> None:
        """Note, as the worker does, that the factory took the order."""
        with self.parts.database.unit_of_work() as transaction:
            assert replenishments.mark_ordered(transaction, replenishment_id, now=clock.now())
            transaction.commit()

    def callback_path(self, replenishment_id: str) -> str:
        """What the factory is told to call."""
        signed = signature.sign(replenishment_id=replenishment_id, secrets=(SECRET,))
        return f"/callbacks/replenishments/{replenishment_id}?signature={signed}"

    def deliver(self, replenishment_id: str, quantity: object, *, name: str | None = None) -> TestResponse:
        """The factory's call."""
        headers = {"webhook-id": name} if name else {}
        body = {"MessageAttributeProductCnt": quantity}
        return self.client.post(self.callback_path(replenishment_id), json=body, headers=headers)

    def order(self, replenishment_id: str) -> JSON:
        """A replenishment with its timeline and deliveries."""
        found: JSON = self.get(f"/api/replenishments/{replenishment_id}")
        return found

    def movements(self, sku: str) -> list[JSON]:
        """The ledger of a product, newest first."""
        found: list[JSON] = self.get(f"/api/products/{sku}/movements")["movements"]
        return found
