"""Sales per minute, stacked by product."""

from collections.abc import Mapping
from datetime import timedelta, tzinfo
from typing import Any

from dashboard.charts.style import COUNT_AXIS, TIME_AXIS, Figure, framed, local, series_color, wall_clock
from dashboard.formats import moment

HEIGHT = 300


def sales_figure(history: Mapping[str, Any], names: Mapping[str, str], *, zone: tzinfo) -> Figure:
    """Bars of ``/api/sales-history``, one colour for each product that ``names`` knows, in its order."""
    series = {one["sku"]: one["points"] for one in history["series"]}
    seconds = history["bucket_seconds"]
    bars = [
        {
            "type": "bar",
            "name": name,
            "x": [wall_clock(moment(one["at"]) + timedelta(seconds=seconds / 2), zone) for one in points],
            "y": [one["sold_quantity"] for one in points],
            "width": seconds * 760,
            "marker": {"color": series_color(index), "line": {"width": 0}},
            "hovertemplate": "%{y:,}",
        }
        for index, (name, points) in enumerate((name, series.get(sku, [])) for sku, name in names.items())
    ]
    until = moment(history["to"])
    last_bars = [moment(points[-1]["at"]) + timedelta(seconds=seconds) for points in series.values() if points]
    whole = max([until + timedelta(seconds=-until.timestamp() % seconds), *last_bars])
    window = [local(history["from"], zone), wall_clock(whole, zone)]
    layout = {
        "barmode": "stack",
        "bargap": 0,
        "xaxis": TIME_AXIS | {"range": window, "hoverformat": "%H:%M"},
        "yaxis": COUNT_AXIS,
    }
    return framed(bars, layout, height=HEIGHT, revision="sales")


def has_sales(history: Mapping[str, Any]) -> bool:
    """Whether anything was sold."""
    return any(point["sold_quantity"] for one in history["series"] for point in one["points"])
