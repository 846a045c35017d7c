"""What a dashboard reads: overview, histories, activity."""

from typing import Annotated

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field

from backend.entrypoints import schemas
from backend.entrypoints.current import current_parts
from backend.entrypoints.cursors import Cursor as CursorText
from backend.entrypoints.cursors import read_cursor, write_cursor
from backend.entrypoints.queries import Moment, Number, PageLength, Query
from backend.entrypoints.responses import BAD_PARAMETER, UNAVAILABLE, json_response, problem
from backend.entrypoints.views import overview_view, sales_history_view
from backend.services import clock
from backend.services.activity import Cursor, list_activity
from backend.services.history import Period, get_sales_history, get_stock_history, make_period
from backend.services.overview import get_overview

blueprint = APIBlueprint(
    "reports",
    __name__,
    url_prefix="/api",
    abp_tags=[Tag(name="reports", description="현황과 이력 · what a dashboard reads")],
)
UNKNOWN = problem("one of the products does not exist")


class OverviewQuery(Query):
    """In which window sales are counted."""

    minutes: Annotated[Number, Field(ge=1, le=1440, description="length of the window")] = 60


class HistoryQuery(Query):
    """Of which products, from when to when, in how many points."""

    sku: Annotated[
        list[schemas.Sku],
        Field(max_length=50, default_factory=list, description="repeat it; none: the first fifty products"),
    ]
    since: Annotated[Moment, Field(alias="from", description="RFC 3339; half an hour before `to`")] = (
        schemas.LEFT_OUT
    )
    until: Annotated[Moment, Field(alias="to", description="RFC 3339; now")] = schemas.LEFT_OUT
    points: Annotated[Number, Field(ge=2, le=1000, description="the most points of a series")] = 200

    def period(self) -> Period:
        """The period asked for.

        Raises:
            WrongPeriod: the end is not after the beginning, or too far from it.
        """
        return make_period(since=self.since, until=self.until, points=self.points, clock=clock.now)


class ActivityQuery(Query):
    """Which page."""

    cursor: CursorText = schemas.LEFT_OUT
    limit: PageLength = 50


class ActivityPosition(BaseModel):
    """What a cursor of ``/activity`` says: how far each table was read."""

    model_config = ConfigDict(strict=True, extra="forbid")

    purchase: Annotated[str, Field(pattern=r"^([0-9a-f-]{36}~?)?$")]
    replenishment: schemas.RowId
    delivery: schemas.RowId
    action: schemas.RowId


@blueprint.get(
    "/overview",
    summary="현황 · One snapshot",
    responses={"200": schemas.OverviewView, **BAD_PARAMETER, "503": UNAVAILABLE},
)
def overview(query: OverviewQuery) -> Response:
    """Show revenue, sales, lost sales, every product's state, orders under way and the queue, as of now."""
    parts = current_parts()
    found = get_overview(
        database=parts.database,
        queue=parts.queue,
        dead_letter_queue=parts.dead_letter_queue,
        minutes=query.minutes,
        clock=clock.now,
    )
    return json_response(overview_view(found))


@blueprint.get(
    "/stock-history",
    summary="재고 이력 · How stock went",
    responses={"200": schemas.StockHistoryView, "404": UNKNOWN, **BAD_PARAMETER, "503": UNAVAILABLE},
)
def stock_history(query: HistoryQuery) -> Response:
    """Show stock as a step function, the value before `from` carried in, never more than `points` points."""
    period = query.period()
    series = get_stock_history(database=current_parts().database, skus=query.sku, period=period)
    return json_response(
        schemas.StockHistoryView(
            since=period.since,
            until=period.until,
            series=[schemas.StockSeriesView.model_validate(one) for one in series],
        )
    )


@blueprint.get(
    "/sales-history",
    summary="판매 이력 · How sales went",
    responses={"200": schemas.SalesHistoryView, "404": UNKNOWN, **BAD_PARAMETER, "503": UNAVAILABLE},
)
def sales_history(query: HistoryQuery) -> Response:
    """Show sales and lost sales in equal pieces of time, a minute or more, never more than `points`."""
    history = get_sales_history(database=current_parts().database, skus=query.sku, period=query.period())
    return json_response(sales_history_view(history))


@blueprint.get(
    "/activity",
    summary="최근 활동 · What happened",
    responses={"200": schemas.ActivityPage, **BAD_PARAMETER, "503": UNAVAILABLE},
)
def activity(query: ActivityQuery) -> Response:
    """List sales, shortages, orders, deliveries, returns and adjustments, newest first."""
    start = Cursor(**read_cursor(ActivityPosition, query.cursor).model_dump()) if query.cursor else Cursor()
    shown, following = list_activity(database=current_parts().database, cursor=start, limit=query.limit)
    return json_response(
        schemas.ActivityPage(
            activity=[schemas.ActivityView.model_validate(one) for one in shown],
            next_cursor=write_cursor(following) if following else None,
        )
    )
