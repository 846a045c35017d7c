"""What went wrong, as RFC 9457 problem documents: one table from exceptions to HTTP."""

from datetime import datetime
from typing import Any

import structlog
from flask import Flask, Response, current_app
from pydantic import BaseModel, Field, ValidationError
from werkzeug.exceptions import HTTPException

from backend.adapters.simulator import FactoryNotReached, FaultsRefused
from backend.adapters.sqs import QueueUnavailable
from backend.domain import original_wire
from backend.domain.delivery import OverDelivery
from backend.entrypoints.group_commit import TooManyWaiting
from backend.services.adjust import StockTooHigh, StockTooLow
from backend.services.cancel import TooLateToCancel
from backend.services.csv_import import ImportRefused
from backend.services.history import WrongPeriod
from backend.services.products import SkuTaken
from backend.services.purchase import IdempotencyKeyReused, UnknownProduct, WrongFactory
from backend.services.receive import (
    DeliveryIdReused,
    DeliveryMismatch,
    ReplenishmentClosed,
    UnknownReplenishment,
)
from backend.services.report import UnknownPurchase
from backend.store.unit_of_work import CommitUncertain, DatabaseUnavailable

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:factoauto:problem:"
RETRY_AFTER_SECONDS = 2
MOST_ERRORS_SHOWN = 100


class FieldError(BaseModel):
    """One wrong part of a request."""

    field: str = Field(description="name of the field, the header or the parameter")
    detail: str


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    type: str = Field(description="names the kind of problem; stable", examples=[f"{TYPE_PREFIX}out-of-stock"])
    title: str
    status: int
    detail: str | None = None
    errors: list[FieldError] | None = None


class OutOfStockProblem(Problem):
    """What a refused purchase waits for."""

    purchase_id: str
    sku: str
    quantity: int = Field(description="units")
    replenishment_id: str
    replenishment_number: str = Field(examples=["RO-0042"])
    expected_at: datetime | None = Field(description="from the observed lead time; null: none was observed yet")


PROBLEMS: dict[type[Exception], tuple[int, str, str, str | None]] = {
    UnknownProduct: (404, "unknown-product", "Unknown product", None),
    UnknownReplenishment: (404, "unknown-replenishment", "Unknown replenishment", None),
    WrongFactory: (422, "wrong-factory", "Wrong factory", original_wire.FACTORY_ID),
    IdempotencyKeyReused: (422, "idempotency-key-reused", "Idempotency key reused", "Idempotency-Key"),
    OverDelivery: (422, "over-delivery", "More than was ordered", original_wire.PRODUCT_COUNT),
    DeliveryIdReused: (422, "delivery-id-reused", "Delivery id reused", "webhook-id"),
    ReplenishmentClosed: (409, "replenishment-closed", "Replenishment closed", None),
    UnknownPurchase: (404, "unknown-purchase", "Unknown purchase", None),
    StockTooLow: (409, "stock-too-low", "Stock too low", "quantity"),
    StockTooHigh: (409, "stock-too-high", "Stock too high", "quantity"),
    WrongPeriod: (422, "invalid-request", "Invalid request", "to"),
    FaultsRefused: (422, "invalid-request", "Invalid request", None),
    FactoryNotReached: (503, "factory-unavailable", "The factory is not available", None),
    TooLateToCancel: (409, "too-late-to-cancel", "Too late to cancel", None),
    SkuTaken: (409, "sku-taken", "SKU taken", "sku"),
    CommitUncertain: (503, "outcome-unknown", "It cannot be told whether this was done", None),
    DatabaseUnavailable: (503, "database-unavailable", "The database is not available", None),
    TooManyWaiting: (503, "too-many-waiting", "Too many purchases wait", None),
    QueueUnavailable: (503, "queue-unavailable", "The queue is not available", None),
}
"""Exception to status, kind, title, and the field that is wrong."""


def problem_response(
    *,
    status: int,
    kind: str,
    title: str,
    detail: str | None = None,
    errors: list[dict[str, str]] | None = None,
    **more: Any,
) -> Response:
    """A response with a problem document; ``more`` are its further members, which may be null."""
    members: dict[str, Any] = {"type": f"{TYPE_PREFIX}{kind}", "title": title, "status": status}
    if detail is not None:
        members["detail"] = detail
    if errors is not None:
        members["errors"] = errors
    response = Response(current_app.json.dumps(members | more), status=status, mimetype=MEDIA_TYPE)
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def field_problem(*, field: str, detail: str) -> Response:
    """A 422 that names one wrong field."""
    return problem_response(
        status=422,
        kind="invalid-request",
        title="Invalid request",
        detail=f"{field}: {detail}",
        errors=[{"field": field, "detail": detail}],
    )


def validation_problem(error: ValidationError) -> Response:
    """A 422 that names every wrong field."""
    errors = [
        {
            "field": ".".join(str(part) for part in one["loc"]) or "body",
            "detail": one["msg"].removeprefix("Value error, "),
        }
        for one in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    return problem_response(
        status=422,
        kind="invalid-request",
        title="Invalid request",
        detail="; ".join(f"{one['field']}: {one['detail']}" for one in errors),
        errors=errors,
    )


def install_problem_handlers(app: Flask) -> None:
    """Answer every exception with a problem document."""
    for exception in PROBLEMS:
        app.register_error_handler(exception, _known_problem)
    app.register_error_handler(DeliveryMismatch, _delivery_mismatch)
    app.register_error_handler(ImportRefused, _import_refused)
    app.register_error_handler(HTTPException, _http_problem)
    app.register_error_handler(Exception, _unexpected_problem)


def _known_problem(error: Exception) -> Response:
    status, kind, title, field = PROBLEMS[type(error)]
    detail = str(error) if status < 500 else "Nothing is wrong with the request; send it again in a moment."
    if status >= 500:
        log.warning("unavailable", kind=kind, error=str(error))
    errors = [{"field": field, "detail": detail}] if field else None
    return problem_response(status=status, kind=kind, title=title, detail=detail, errors=errors)


def _delivery_mismatch(error: DeliveryMismatch) -> Response:
    field = original_wire.PRODUCT_ID if error.field == "sku" else original_wire.FACTORY_ID
    return field_problem(field=field, detail=str(error))


def _import_refused(error: ImportRefused) -> Response:
    return problem_response(
        status=422,
        kind="invalid-file",
        title="Invalid file",
        detail=f"nothing was imported; errors: {len(error.errors)}",
        errors=[{"field": f"line {line}", "detail": detail} for line, detail in error.errors[:MOST_ERRORS_SHOWN]],
    )


def _http_problem(error: HTTPException) -> Response:
    if error.response is not None:  # an answer made by us, thrown to leave at once
        return error.response  # type: ignore[return-value]
    name = error.name.lower().replace(" ", "-")
    response = problem_response(status=error.code or 500, kind=name, title=error.name, detail=error.description)
    for header, value in error.get_headers():
        if header not in ("Content-Type", "Content-Length"):
            response.headers[header] = value
    return response


def _unexpected_problem(error: Exception) -> Response:
    log.error("unexpected error", exc_info=error)
    return problem_response(
        status=500, kind="internal-error", title="Internal error", detail="This is our fault; it was logged."
    )
