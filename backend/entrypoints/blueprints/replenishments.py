"""Orders to the factory: what anybody may read."""

from typing import Annotated

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag
from pydantic import BaseModel, Field

from backend.entrypoints.current import current_parts
from backend.entrypoints.responses import BAD_PARAMETER, UNAVAILABLE, json_response, problem
from backend.entrypoints.schemas import ReplenishmentPage, ReplenishmentView, Sku
from backend.entrypoints.views import replenishment_view
from backend.services.report import get_replenishment, list_replenishments

TAG = Tag(name="replenishments", description="보충 주문 · orders to the factory")

blueprint = APIBlueprint("replenishments", __name__, url_prefix="/api/replenishments", abp_tags=[TAG])


class ReplenishmentPath(BaseModel):
    """Which replenishment."""

    replenishment_id: Annotated[str, Field(min_length=36, max_length=36, pattern=r"^[0-9a-f-]{36}$")]


class ReplenishmentQuery(BaseModel):
    """Which page, of which replenishments."""

    cursor: Annotated[int | None, Field(ge=1, le=2**63 - 1, description="next_cursor of the page before")] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    sku: Sku | None = None
    open: Annotated[bool, Field(description="only those neither received nor cancelled")] = False


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
        "200": ReplenishmentView,
        "404": problem("there is no such replenishment"),
        **BAD_PARAMETER,
        "503": UNAVAILABLE,
    },
)
def get_one(path: ReplenishmentPath) -> Response:
    """Show one replenishment."""
    found = get_replenishment(database=current_parts().database, replenishment_id=path.replenishment_id)
    return json_response(replenishment_view(found))
