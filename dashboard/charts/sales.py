"""Sales per minute, stacked by product."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import plotly.graph_objects as go  # type: ignore[import-untyped]

from dashboard.charts.style import framed, local, series_color, wall_clock
from dashboard.formats import moment

HEIGHT = 300


def sales_figure(history: Mapping[str, Any], names: Mapping[str, str], *, zone: ZoneInfo) -> go.Figure:
    """Bars of ``/api/sales-history``, one colour for each product that ``names`` knows, in its order."""
    series = {one["sku"]: one["points"] for one in history["series"]}
    seconds = history["bucket_seconds"]
    figure = go.Figure()
    for index, (sku, name) in enumerate(names.items()):
        points = series.get(sku, [])
        figure.add_bar(
            name=name,
            x=[wall_clock(moment(one["at"]) + timedelta(seconds=seconds / 2), zone) for one in points],
            y=[one["sold_quantity"] for one in points],
            width=seconds * 760,
            marker={"color": series_color(index), "line": {"width": 0}},
            hovertemplate="%{y:,}",
        )
    framed(figure, height=HEIGHT, revision="sales")
    start, end = local(history["from"], zone), local(history["to"], zone)
    figure.update_layout(barmode="stack", showlegend=True, bargap=0)
    figure.update_xaxes(type="date", range=[start, end], hoverformat="%H:%M")
    figure.update_yaxes(rangemode="tozero", tickformat=",d", nticks=6)
    return figure


def has_sales(history: Mapping[str, Any]) -> bool:
    """Whether anything was sold."""
    return any(point["sold_quantity"] for one in history["series"] for point in one["points"])
