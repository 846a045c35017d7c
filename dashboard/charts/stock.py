"""One product's stock as steps, with its reorder point, deliveries, and the sales below."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import plotly.graph_objects as go  # type: ignore[import-untyped]

from dashboard.charts.style import (
    GREEN,
    NEUTRAL,
    ORANGE,
    PRIMARY,
    PRIMARY_FILL,
    framed,
    local,
    wall_clock,
)
from dashboard.formats import moment, span
from dashboard.texts import Language, say

HEIGHT = 440


def stock_figure(
    stock: Mapping[str, Any],
    sales: Mapping[str, Any],
    *,
    reorder_point: int | None,
    zone: ZoneInfo,
    language: Language,
    revision: str,
) -> go.Figure:
    """The chart of one product's ``/api/stock-history`` and ``/api/sales-history``."""
    figure = go.Figure()
    series = stock["series"][0]
    _add_stock(figure, series["points"], until=stock["to"], zone=zone, name=say("on_hand", language))
    _add_deliveries(figure, series, zone=zone, language=language)
    _add_sales(figure, sales, zone=zone, language=language)
    figure.update_layout(
        yaxis={"domain": [0.3, 1], "nticks": 6},
        yaxis2={"domain": [0, 0.2], "nticks": 4, "anchor": "x"},
        bargap=0.12,
    )
    framed(figure, height=HEIGHT, revision=revision)
    figure.update_yaxes(rangemode="tozero", tickformat=",d")
    if reorder_point is not None:
        _add_reorder_point(figure, reorder_point, language)
    window = [local(stock["from"], zone), local(stock["to"], zone)]
    # A range given here would win over the viewer's zoom; bounds of the automatic range do not.
    limits = {"include": window, "clipmin": window[0], "clipmax": window[1]}
    figure.update_xaxes(type="date", autorange=True, autorangeoptions=limits, anchor="y2")
    return figure


def _add_stock(
    figure: go.Figure, points: Sequence[Mapping[str, Any]], *, until: str, zone: ZoneInfo, name: str
) -> None:
    times = [local(point["at"], zone) for point in points]
    values = [point["on_hand"] for point in points]
    figure.add_scatter(
        name=name,
        x=[*times, local(until, zone)],
        y=[*values, values[-1]],
        mode="lines",
        line={"shape": "hv", "color": PRIMARY, "width": 2},
        fill="tozeroy",
        fillcolor=PRIMARY_FILL,
        hovertemplate="%{y:,}",
    )


def _add_deliveries(figure: go.Figure, series: Mapping[str, Any], *, zone: ZoneInfo, language: Language) -> None:
    receipts, points = series["receipts"], series["points"]
    figure.add_scatter(
        name=say("received", language),
        x=[local(one["at"], zone) for one in receipts],
        y=[_stock_after(points, one["at"]) for one in receipts],
        mode="markers",
        marker={"symbol": "triangle-up", "size": 11, "color": GREEN, "line": {"width": 0}},
        text=[say("received_here", language, count=f"{one['quantity']:,}") for one in receipts],
        hovertemplate="%{text}<extra></extra>",
        cliponaxis=False,
    )


def _add_sales(figure: go.Figure, sales: Mapping[str, Any], *, zone: ZoneInfo, language: Language) -> None:
    seconds = sales["bucket_seconds"]
    points = sales["series"][0]["points"] if sales["series"] else []
    figure.add_bar(
        name=say("sold_per", language, span=span(seconds, language)),
        x=[wall_clock(moment(one["at"]) + timedelta(seconds=seconds / 2), zone) for one in points],
        y=[one["sold_quantity"] for one in points],
        width=seconds * 860,
        yaxis="y2",
        marker={"color": NEUTRAL, "line": {"width": 0}},
        hovertemplate="%{y:,}",
    )


def _add_reorder_point(figure: go.Figure, reorder_point: int, language: Language) -> None:
    figure.add_shape(
        type="line",
        xref="paper",
        x0=0,
        x1=1,
        y0=reorder_point,
        y1=reorder_point,
        line={"color": ORANGE, "width": 1.5, "dash": "dash"},
    )
    figure.add_annotation(
        xref="paper",
        x=1,
        y=reorder_point,
        text=say("reorder_point_line", language, count=reorder_point),
        showarrow=False,
        xanchor="right",
        yanchor="bottom",
        font={"color": ORANGE, "size": 12},
        bgcolor="var(--st-background-color/75)",
    )


def _stock_after(points: Sequence[Mapping[str, Any]], at: str) -> int:
    """The stock right after this time, from steps that may have been thinned."""
    before = [point["on_hand"] for point in points if moment(point["at"]) <= moment(at)]
    return int(before[-1] if before else points[0]["on_hand"])
