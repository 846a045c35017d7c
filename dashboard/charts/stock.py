"""One product's stock as steps, with its reorder point, deliveries, and the sales below."""

from collections.abc import Mapping, Sequence
from datetime import timedelta, tzinfo
from typing import Any

from dashboard.charts.style import (
    COUNT_AXIS,
    GREEN,
    NEUTRAL,
    ORANGE,
    PRIMARY,
    PRIMARY_FILL,
    TIME_AXIS,
    Figure,
    framed,
    local,
    wall_clock,
)
from dashboard.formats import moment, span
from dashboard.texts import Language, say

HEIGHT = 440
Trace = dict[str, Any]


def stock_figure(
    stock: Mapping[str, Any],
    sales: Mapping[str, Any],
    *,
    reorder_point: int | None,
    zone: tzinfo,
    language: Language,
    revision: str,
) -> Figure:
    """The chart of one product's ``/api/stock-history`` and ``/api/sales-history``."""
    series = stock["series"][0]
    traces = [
        _stock(series["points"], until=stock["to"], zone=zone, name=say("on_hand", language)),
        _deliveries(series, zone=zone, language=language),
        _sales(sales, zone=zone, language=language),
    ]
    window = [local(stock["from"], zone), local(stock["to"], zone)]
    # A range given here would win over the viewer's zoom; bounds of the automatic range do not.
    limits = {"include": window, "clipmin": window[0], "clipmax": window[1]}
    layout: dict[str, Any] = {
        "xaxis": TIME_AXIS | {"autorange": True, "autorangeoptions": limits, "anchor": "y2"},
        "yaxis": COUNT_AXIS | {"domain": [0.3, 1]},
        "yaxis2": COUNT_AXIS | {"domain": [0, 0.2], "anchor": "x", "nticks": 4},
    }
    if reorder_point is not None:
        layout |= _reorder_point(reorder_point, language)
    return framed(traces, layout, height=HEIGHT, revision=revision)


def _stock(points: Sequence[Mapping[str, Any]], *, until: str, zone: tzinfo, name: str) -> Trace:
    values = [point["on_hand"] for point in points]
    return {
        "type": "scatter",
        "name": name,
        "x": [*(local(point["at"], zone) for point in points), local(until, zone)],
        "y": [*values, values[-1]],
        "mode": "lines",
        "line": {"shape": "hv", "color": PRIMARY, "width": 2},
        "fill": "tozeroy",
        "fillcolor": PRIMARY_FILL,
        "hovertemplate": "%{y:,}",
    }


def _deliveries(series: Mapping[str, Any], *, zone: tzinfo, language: Language) -> Trace:
    receipts, points = series["receipts"], series["points"]
    return {
        "type": "scatter",
        "name": say("received", language),
        "x": [local(one["at"], zone) for one in receipts],
        "y": [_stock_after(points, one["at"]) for one in receipts],
        "mode": "markers",
        "marker": {"symbol": "triangle-up", "size": 11, "color": GREEN, "line": {"width": 0}},
        "text": [say("received_here", language, count=f"{one['quantity']:,}") for one in receipts],
        "hovertemplate": "%{text}<extra></extra>",
        "cliponaxis": False,
    }


def _sales(sales: Mapping[str, Any], *, zone: tzinfo, language: Language) -> Trace:
    seconds = sales["bucket_seconds"]
    points = sales["series"][0]["points"] if sales["series"] else []
    return {
        "type": "bar",
        "name": say("sold_per", language, span=span(seconds, language)),
        "x": [wall_clock(moment(one["at"]) + timedelta(seconds=seconds / 2), zone) for one in points],
        "y": [one["sold_quantity"] for one in points],
        "width": seconds * 860,
        "yaxis": "y2",
        "marker": {"color": NEUTRAL, "line": {"width": 0}},
        "hovertemplate": "%{y:,}",
    }


def _reorder_point(reorder_point: int, language: Language) -> dict[str, Any]:
    line = {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": reorder_point,
        "y1": reorder_point,
        "line": {"color": ORANGE, "width": 1.5, "dash": "dash"},
    }
    label = {
        "xref": "paper",
        "x": 1,
        "y": reorder_point,
        "text": say("reorder_point_line", language, count=reorder_point),
        "showarrow": False,
        "xanchor": "right",
        "yanchor": "bottom",
        "font": {"color": ORANGE, "size": 12},
        "bgcolor": "var(--st-background-color/75)",
    }
    return {"shapes": [line], "annotations": [label]}


def _stock_after(points: Sequence[Mapping[str, Any]], at: str) -> int:
    """The stock right after this time, from steps that may have been thinned."""
    before = [point["on_hand"] for point in points if moment(point["at"]) <= moment(at)]
    return int(before[-1] if before else points[0]["on_hand"])
