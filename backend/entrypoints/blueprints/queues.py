"""The queues: how deep they are, what was given up and why, and putting it back."""

import time
from datetime import timedelta
from typing import Annotated

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag
from pydantic import Field

from backend.domain.time_budget import TimeBudget
from backend.entrypoints import schemas
from backend.entrypoints.current import current_parts
from backend.entrypoints.operators import SECURITY, current_operator, require_operator
from backend.entrypoints.queries import Number, Query
from backend.entrypoints.responses import BAD_BODY, BAD_PARAMETER, UNAUTHORIZED, UNAVAILABLE, json_response
from backend.entrypoints.views import dead_letter_view
from backend.services import clock
from backend.services.dead_letters import list_dead_letters
from backend.services.queue_report import get_queue_report
from backend.services.redrive import redrive

REDRIVE_SECONDS = 10
"""Less than any gateway waits: what was done is answered, and the rest is a dead letter still."""

TAG = Tag(name="queues", description="대기열 · the queues")

blueprint = APIBlueprint("queues", __name__, url_prefix="/api/queues", abp_tags=[TAG])
operator_blueprint = APIBlueprint(
    "operator_queues", __name__, url_prefix="/api/queues", abp_tags=[TAG], abp_security=SECURITY
)
operator_blueprint.before_request(require_operator)


class QueuesQuery(Query):
    """How far back the samples go."""

    minutes: Annotated[Number, Field(ge=1, le=1440)] = 15


@blueprint.get(
    "",
    summary="대기열 깊이 · How deep the queues are",
    responses={"200": schemas.QueuesView, **BAD_PARAMETER, "503": UNAVAILABLE},
)
def queues(query: QueuesQuery) -> Response:
    """Show waiting, in flight, dead letters, the age of the oldest, and samples of the last minutes."""
    parts = current_parts()
    report = get_queue_report(
        database=parts.database,
        queue=parts.queue,
        dead_letter_queue=parts.dead_letter_queue,
        window=timedelta(minutes=query.minutes),
        clock=clock.now,
    )
    return json_response(schemas.QueuesView.model_validate(report))


@blueprint.get(
    "/dead-letters",
    summary="실패 메시지 · Dead letters",
    responses={"200": schemas.DeadLettersView, "503": UNAVAILABLE},
)
def dead_letters() -> Response:
    """List every order that was given up, with its cause."""
    letters = list_dead_letters(database=current_parts().database)
    return json_response(schemas.DeadLettersView(dead_letters=[dead_letter_view(one) for one in letters]))


@operator_blueprint.post(
    "/dead-letters/redrive",
    summary="재전송 · Redrive",
    responses={"200": schemas.RedrivenView, **UNAUTHORIZED, **BAD_BODY, "503": UNAVAILABLE},
)
def redrive_dead_letters(body: schemas.RedriveBody) -> Response:
    """Put dead letters back on the queue, every one or those named: as many as go in ten seconds."""
    parts, ends = current_parts(), time.monotonic() + REDRIVE_SECONDS
    redriven = redrive(
        database=parts.database,
        queue=parts.queue,
        dead_letter_queue=parts.dead_letter_queue,
        shop=parts.shop,
        clock=clock.now,
        operator=current_operator(),
        only=None if body.replenishment_ids is None else set(body.replenishment_ids),
        budget=TimeBudget(lambda: ends - time.monotonic()),
    )
    return json_response(schemas.RedrivenView(redriven=redriven))
