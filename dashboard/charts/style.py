"""What all charts have in common: a quiet frame, local times, the theme's colours."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from dashboard.formats import moment

Figure = dict[str, Any]
"""A Plotly figure as its JSON has it: ``data`` and ``layout``. Plotly's own classes take twenty times as long to
build one; the tests hold ours against them."""

TEXT = "var(--st-text-color)"
FAINT = "var(--st-text-color/60)"
GRID = "var(--st-text-color/9)"
BACKGROUND = "var(--st-background-color)"
PRIMARY = "var(--st-primary-color)"
PRIMARY_FILL = "var(--st-primary-color/9)"
NEUTRAL = "var(--st-gray-color/40)"
RED = "var(--st-red-color)"
RED_FILL = "var(--st-red-color/14)"
BLUE = "var(--st-blue-color)"
BLUE_FILL = "var(--st-blue-color/12)"
GREEN = "var(--st-green-color)"
ORANGE = "var(--st-orange-color)"
COLORS = 6

TIMES = [
    {"dtickrange": [None, 60_000], "value": "%H:%M:%S"},
    {"dtickrange": [60_000, 86_400_000], "value": "%H:%M"},
    {"dtickrange": [86_400_000, None], "value": "%m-%d"},
]
TIME_AXIS = {
    "type": "date",
    "showgrid": False,
    "zeroline": False,
    "ticks": "",
    "tickfont": {"color": FAINT},
    "tickformatstops": TIMES,
    "hoverformat": "%m-%d %H:%M:%S",
    "automargin": True,
    "nticks": 9,
}
COUNT_AXIS = {
    "gridcolor": GRID,
    "zeroline": False,
    "ticks": "",
    "tickfont": {"color": FAINT},
    "tickformat": ",d",
    "rangemode": "tozero",
    "automargin": True,
    "fixedrange": True,
    "nticks": 6,
}


def series_color(index: int) -> str:
    """The colour of a product's series; they repeat when the theme has no more."""
    return f"var(--st-chart-categorical-colors[{index % COLORS}])"


def local(text: str, zone: tzinfo) -> str:
    """A time of the backend as Plotly draws it: the wall clock of this zone."""
    return wall_clock(moment(text), zone)


def wall_clock(at: datetime, zone: tzinfo) -> str:
    """A time as Plotly draws it: the wall clock of this zone."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S.%f}"


def framed(
    traces: Sequence[Mapping[str, Any]], layout: Mapping[str, Any], *, height: int, revision: str
) -> Figure:
    """A figure of these traces. While ``revision`` stays the same, new data keep the viewer's zoom."""
    frame = {
        "height": height,
        "uirevision": revision,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": TEXT, "size": 12},
        "margin": {"l": 34, "r": 8, "t": 34, "b": 26},
        "showlegend": True,
        "legend": {
            "orientation": "h",
            "x": 0,
            "y": 1.02,
            "yanchor": "bottom",
            "font": {"color": TEXT},
            "traceorder": "normal",
        },
        "hoverlabel": {
            "bgcolor": BACKGROUND,
            "bordercolor": "var(--st-border-color)",
            "font": {"color": TEXT},
        },
        "hovermode": "x unified",
        "dragmode": "zoom",
    }
    return {"data": list(traces), "layout": frame | dict(layout)}


def as_json(figure: Figure) -> str:
    """The figure as the browser reads it."""
    return json.dumps(figure, ensure_ascii=False, separators=(",", ":"))
