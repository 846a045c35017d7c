"""The factory as a WSGI application."""

from __future__ import annotations

import time

import structlog
from flask import Flask, Response, g, request

from factory_mock import problems
from factory_mock.docs_routes import docs_routes
from factory_mock.factory import Factory
from factory_mock.fault_routes import fault_routes
from factory_mock.operators import Operators
from factory_mock.order_routes import order_routes
from factory_mock.settings import Settings
from factory_mock.status_routes import status_routes

_LONGEST_PATH_LOGGED = 200
_PROBES = frozenset({"/healthz", "/readyz"})

_log = structlog.get_logger("factory_mock.access")


def create_app(factory: Factory, settings: Settings) -> Flask:
    """Return the application around a factory that has been started, or will be."""
    app = Flask("factory_mock", static_folder=None)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    problems.install(app)
    app.register_blueprint(order_routes(factory))
    app.register_blueprint(fault_routes(factory.panel, Operators(settings.operators())))
    app.register_blueprint(status_routes(factory))
    app.register_blueprint(docs_routes(port=settings.factory_port, frame_ancestors=settings.frame_ancestors))
    app.before_request(_start_clock)
    app.after_request(_secure)
    app.after_request(_log_access)
    return app


def _start_clock() -> None:
    g.started = time.perf_counter()


def _secure(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Server"] = "factory"  # or the server would add its own name
    return response


def _log_access(response: Response) -> Response:
    """Log a request without its query, which may hold a signature, and without its body."""
    log = _log.debug if request.path in _PROBES else _log.info
    log(
        "request",
        method=request.method,
        path=request.path[:_LONGEST_PATH_LOGGED],
        status=response.status_code,
        client=request.remote_addr,
        milliseconds=round((time.perf_counter() - g.started) * 1000, 1),
    )
    return response
