"""Every error as a problem document (RFC 9457): one table from exceptions to answers."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from factory_mock.bodies import MalformedBody, UnsupportedMediaType
from factory_mock.callback_hosts import CallbackNotAllowed
from factory_mock.fault_panel import SimulatedRefusal
from factory_mock.operators import NoOperatorConfigured, NotAnOperator, TooManyFailures
from factory_mock.order_book import IdempotencyKeyReused, OrderBookFull, UnknownOrder
from factory_mock.order_form import CALLBACK_URL
from factory_mock.problem import LONGEST_NAME, MOST_ERRORS, Problem

BODY = "body"
IDEMPOTENCY_KEY = "Idempotency-Key"
_BUSY_SECONDS = 5

_log = structlog.get_logger("factory_mock")


class InvalidParameter(Exception):
    """A header or query parameter has a wrong value; it is named, with what it should be."""

    def __init__(self, name: str, expected: str) -> None:
        super().__init__(name, expected)
        self.name, self.expected = name, expected


def install(app: Flask) -> None:
    """Have the app answer every error, foreseen or not, with a problem document."""
    for kind, describe in _TABLE.items():
        app.register_error_handler(kind, _handler(describe))
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unforeseen)


def _handler(describe: Callable[[Any], Problem]) -> Callable[[Exception], Response]:
    return lambda error: describe(error).response()


def _invalid_fields(error: ValidationError) -> Problem:
    errors = [
        (".".join(map(str, found["loc"])) or BODY, found["msg"].removeprefix("Value error, "))
        for found in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    names = ", ".join(name[:LONGEST_NAME] for name, _ in errors[:MOST_ERRORS])
    return Problem(
        status=422, slug="invalid", title="Invalid field", detail=f"Not acceptable: {names}", errors=errors
    )


def _invalid(name: str, detail: str) -> Problem:
    return Problem(
        status=422, slug="invalid", title="Invalid field", detail=f"{name} {detail}", errors=[(name, detail)]
    )


def _simulated(error: SimulatedRefusal) -> Problem:
    return Problem(
        status=error.status,
        slug="simulated",
        title="Simulated failure",
        detail="The factory simulator's switches refuse this order",
        headers={"Retry-After": "1"} if error.status in (429, 503) else {},
    )


_TABLE: dict[type[Exception], Callable[[Any], Problem]] = {
    ValidationError: _invalid_fields,
    InvalidParameter: lambda error: _invalid(error.name, error.expected),
    CallbackNotAllowed: lambda error: _invalid(CALLBACK_URL, str(error)),
    MalformedBody: lambda error: Problem(
        status=400, slug="malformed", title="Malformed body", detail=str(error), errors=[(BODY, str(error))]
    ),
    UnsupportedMediaType: lambda error: Problem(
        status=415,
        slug="media-type",
        title="Unsupported media type",
        detail=f"Content-Type must be {error}",
        errors=[("Content-Type", f"must be {error}")],
        headers={"Accept": str(error).replace(" or ", ", ")},
    ),
    IdempotencyKeyReused: lambda _: Problem(
        status=422,
        slug="idempotency-key-reused",
        title="Idempotency key reused",
        detail="This key was used before, for another order",
        errors=[(IDEMPOTENCY_KEY, "was used before, for another order")],
    ),
    OrderBookFull: lambda _: Problem(
        status=503,
        slug="order-book-full",
        title="Order book full",
        detail="The factory can take no more orders at the moment",
        headers={"Retry-After": str(_BUSY_SECONDS)},
    ),
    UnknownOrder: lambda _: Problem(
        status=404, slug="unknown-order", title="Unknown order", detail="The factory has no such order"
    ),
    SimulatedRefusal: _simulated,
    NotAnOperator: lambda _: Problem(
        status=401,
        slug="not-an-operator",
        title="Not an operator",
        detail="This call needs a valid operator token",
        errors=[("Authorization", "must be `Bearer` and a valid operator token")],
        headers={"WWW-Authenticate": 'Bearer realm="factory"'},
    ),
    NoOperatorConfigured: lambda _: Problem(
        status=403,
        slug="no-operator",
        title="No operator configured",
        detail="The factory was started without an operator token, so these calls are refused",
    ),
    TooManyFailures: lambda error: Problem(
        status=429,
        slug="too-many-failures",
        title="Too many failures",
        detail="Too many wrong operator tokens came from this client",
        headers={"Retry-After": str(error.retry_after)},
    ),
}


def _http_error(error: HTTPException) -> WerkzeugResponse:
    status = error.code or 500
    if error.response is not None or status < 400:  # a redirect is none of ours
        return error.get_response()
    phrase = HTTPStatus(status).phrase
    kept = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return Problem(
        status=status,
        slug=phrase.lower().replace(" ", "-"),
        title=phrase,
        detail=error.description or phrase,
        errors=[(BODY, "is too large")] if status == 413 else [],
        headers=kept,
    ).response()


def _unforeseen(error: Exception) -> Response:
    # The message may hold what must not be logged, such as a signed URL: its kind has to do.
    _log.error("unforeseen_error", error=type(error).__name__, exc_info=False)
    return Problem(
        status=500, slug="internal", title="Internal error", detail="The factory failed; it has been noted"
    ).response()
