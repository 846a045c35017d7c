"""For those who run it: alive, ready, counted."""

import structlog
from flask import Response, current_app
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag

from backend.adapters.sqs import QueueUnavailable
from backend.entrypoints.current import current_parts
from backend.entrypoints.metrics import CONTENT_TYPE, prometheus_text
from backend.entrypoints.responses import UNAVAILABLE, json_response
from backend.entrypoints.schemas import ReadinessView, StatusView
from backend.services import clock
from backend.services.metrics import collect_metrics
from backend.services.report import ping
from backend.store.unit_of_work import DatabaseUnavailable

log = structlog.get_logger(__name__)

blueprint = APIBlueprint(
    "operations", __name__, abp_tags=[Tag(name="operations", description="운영 · for those who run it")]
)


@blueprint.get("/healthz", summary="살아 있음 · Alive", responses={"200": StatusView})
def healthz() -> Response:
    """Say that the process serves; asks nothing of others."""
    return json_response(StatusView(status="ok"))


@blueprint.get("/readyz", summary="준비됨 · Ready", responses={"200": ReadinessView, "503": ReadinessView})
def readyz() -> Response:
    """Say whether database and queue are reached."""
    database, queue = _check_database(), _check_queue()
    ready = database == queue == "ok"
    view = ReadinessView(status="ok" if ready else "unavailable", database=database, queue=queue)
    return json_response(view, 200 if ready else 503)


@blueprint.get(
    "/metrics",
    summary="지표 · Prometheus",
    responses={
        "200": {"description": "OK", "content": {"text/plain": {"schema": {"type": "string"}}}},
        "503": UNAVAILABLE,
    },
)
def metrics() -> Response:
    """Show the shop's counts; they come from the database, so every process gives the same."""
    parts = current_parts()
    collected = collect_metrics(
        database=parts.database,
        queue=parts.queue,
        dead_letter_queue=parts.dead_letter_queue,
        totals=current_app.extensions["sales_totals"],
        clock=clock.now,
    )
    return Response(prometheus_text(collected), content_type=CONTENT_TYPE)


def _check_database() -> str:
    try:
        ping(database=current_parts().database)
    except DatabaseUnavailable:
        return "not reached"
    except Exception:
        log.exception("the database is reached, but cannot be used")
        return "not usable: see the log, and whether it was migrated"
    return "ok"


def _check_queue() -> str:
    try:
        current_parts().queue.depth()
    except QueueUnavailable:
        return "not reached"
    return "ok"
