"""Orders to the factory: what anybody may read, and what operators may do."""

from typing import Annotated

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag
from pydantic import BaseModel, Field

from backend.entrypoints.current import current_parts
from backend.entrypoints.operators import SECURITY, current_operator, require_operator
from backend.entrypoints.queries import Flag, PageLength, Query, RowCursor
from backend.entrypoints.responses import (
    BAD_PARAMETER,
    UNAUTHORIZED,
    UNAVAILABLE,
    Answers,
    json_response,
    problem,
)
from backend.entrypoints.schemas import (
    LEFT_OUT,
    ReplenishmentId,
    ReplenishmentPage,
    ReplenishmentStory,
    ReplenishmentView,
    Sku,
)
from backend.entrypoints.views import replenishment_view, story_view
from backend.services import clock
from backend.services.cancel import cancel
from backend.services.report import list_replenishments
from backend.services.timeline import get_story

TAG = Tag(name="replenishments", description="보충 주문 · orders to the factory")

UNKNOWN: Answers = {"404": problem("there is no such replenishment")}

blueprint = APIBlueprint("replenishments", __name__, url_prefix="/api/replenishments", abp_tags=[TAG])
operator_blueprint = APIBlueprint(
    "operator_replenishments", __name__, url_prefix="/api/replenishments", abp_tags=[TAG], abp_security=SECURITY
)
operator_blueprint.before_request(require_operator)


class ReplenishmentPath(BaseModel):
    """Which replenishment."""

    replenishment_id: ReplenishmentId


class ReplenishmentQuery(Query):
    """Which page, of which replenishments."""

    cursor: RowCursor = LEFT_OUT
    limit: PageLength = 50
    sku: Sku = LEFT_OUT
    open: Annotated[Flag, Field(description="only those neither received nor cancelled")] = False


class CancelQuery(Query):
    """What may be cancelled."""

    although_ordered: Annotated[
        Flag, Field(description="also what the factory has and will not deliver, whole or in part")
    ] = False


@blueprint.get(
    "",
    summary="보충 주문 목록 · Replenishments",
    responses={"200": ReplenishmentPage, **BAD_PARAMETER, "503": UNAVAILABLE},
)
def list_all(query: ReplenishmentQuery) -> Response:
    """List replenishments, newest first."""
    found = list_replenishments(
        database=current_parts().database,
        before=query.cursor,
        limit=query.limit + 1,
        sku=query.sku,
        only_open=query.open,
    )
    page = found[: query.limit]
    return json_response(
        ReplenishmentPage(
            replenishments=[replenishment_view(one) for one in page],
            next_cursor=str(page[-1].number) if len(found) > query.limit else None,
        )
    )


@blueprint.get(
    "/<replenishment_id>",
    summary="보충 주문 · One replenishment",
    responses={
        "200": ReplenishmentStory,
        **UNKNOWN,
        **BAD_PARAMETER,
        "503": UNAVAILABLE,
    },
)
def get_one(path: ReplenishmentPath) -> Response:
    """Show one replenishment, with its timeline from purchase to delivery."""
    story = get_story(database=current_parts().database, replenishment_id=path.replenishment_id)
    return json_response(story_view(story))


@operator_blueprint.post(
    "/<replenishment_id>/cancel",
    summary="주문 취소 · Cancel",
    responses={
        "200": ReplenishmentView,
        **UNAUTHORIZED,
        **UNKNOWN,
        "409": problem("the factory has the order, or it is closed"),
        **BAD_PARAMETER,
        "503": UNAVAILABLE,
    },
)
def cancel_one(path: ReplenishmentPath, query: CancelQuery) -> Response:
    """Take back a replenishment that the factory has not taken yet, or that it will not deliver any more.

    What it delivers all the same is refused with 409 and noted; adjust the stock to take it in.
    """
    parts = current_parts()
    cancelled = cancel(
        database=parts.database,
        replenishment_id=path.replenishment_id,
        although_ordered=query.although_ordered,
        operator=current_operator(),
        shop=parts.shop,
        clock=clock.now,
    )
    return json_response(replenishment_view(cancelled))
