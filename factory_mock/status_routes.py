"""Whether the factory is there, and whether it works."""

from __future__ import annotations

from flask import Blueprint, Response

from factory_mock.answers import answer
from factory_mock.factory import Factory
from factory_mock.problem import Problem


def status_routes(factory: Factory) -> Blueprint:
    """Return the routes that a supervisor and a partner ask for signs of life."""
    routes = Blueprint("status", __name__)

    @routes.get("/status")
    @routes.get("/healthz")
    def alive() -> Response:
        return answer({"status": "ok"})

    @routes.get("/readyz")
    def ready() -> Response:
        if factory.running:
            return answer({"status": "ok"})
        return Problem(
            status=503,
            slug="not-ready",
            title="Not ready",
            detail="The production line is standing still",
            headers={"Retry-After": "1"},
        ).response()

    return routes
