"""The partners' API: place an order, look at orders."""

from __future__ import annotations

import re
from dataclasses import asdict

from flask import Blueprint, Response, request

from factory_mock.answers import answer, rfc3339
from factory_mock.bodies import JSON, XML, fields_of
from factory_mock.callback_client import CORRELATION_ID
from factory_mock.factory import Factory
from factory_mock.order_form import OrderForm
from factory_mock.orders import Order
from factory_mock.problems import IDEMPOTENCY_KEY, InvalidParameter

DEFAULT_LIMIT, LARGEST_LIMIT = 50, 200
_NAME = re.compile(r"[!-~]{1,200}")
_LIMIT = re.compile(r"[1-9][0-9]{0,2}")


def order_routes(factory: Factory) -> Blueprint:
    """Return the routes that take and show the factory's orders."""
    routes = Blueprint("orders", __name__)

    @routes.post("/api/manufactures")
    @routes.post("/api/manufacture")
    def place_order() -> Response:
        factory.panel.before_order()
        form = OrderForm.model_validate(fields_of(request, accepted=(JSON, XML)))
        order, new = factory.place(
            form,
            idempotency_key=_named_in_header(IDEMPOTENCY_KEY),
            correlation_id=_named_in_header(CORRELATION_ID),
        )
        factory.panel.before_answer()
        headers = {"Location": f"/api/manufactures/{order.id}"}
        if not new:
            headers["Idempotent-Replayed"] = "true"
        return answer(_described(order), status=202, headers=headers)

    @routes.get("/api/manufactures")
    def list_orders() -> Response:
        return answer({"orders": [_described(order) for order in factory.book.newest(_limit())]})

    @routes.get("/api/manufactures/<order_id>")
    def show_order(order_id: str) -> Response:
        return answer(_described(factory.book.get(order_id)))

    return routes


def _named_in_header(header: str) -> str | None:
    value = request.headers.get(header)
    if value is not None and not _NAME.fullmatch(value):
        raise InvalidParameter(header, "must be 1 to 200 visible ASCII characters")
    return value


def _limit() -> int:
    given = request.args.get("limit", str(DEFAULT_LIMIT))
    if not _LIMIT.fullmatch(given) or int(given) > LARGEST_LIMIT:
        raise InvalidParameter("limit", f"must be a whole number from 1 to {LARGEST_LIMIT}")
    return int(given)


def _described(order: Order) -> dict[str, object]:
    return {
        "id": order.id,
        "status": order.status,
        "sku": order.form.sku,
        "quantity": order.form.quantity,
        "factory_id": order.form.factory_id,
        "requester": order.form.requester,
        "callback_url": order.form.redacted_callback_url(),
        "idempotency_key": order.idempotency_key,
        "correlation_id": order.correlation_id,
        "ordered_at": rfc3339(order.ordered_at),
        "expected_at": rfc3339(order.expected_at),
        "finished_at": rfc3339(order.finished_at),
        "deliveries": [asdict(delivery) for delivery in order.deliveries],
    }
