"""What all charts have in common: a quiet frame, local times, the theme's colours."""

from datetime import datetime
from zoneinfo import ZoneInfo

import plotly.graph_objects as go  # type: ignore[import-untyped]

from dashboard.formats import moment

TEXT = "var(--st-text-color)"
FAINT = "var(--st-text-color/60)"
GRID = "var(--st-text-color/9)"
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


def series_color(index: int) -> str:
    """The colour of a product's series; they repeat when the theme has no more."""
    return f"var(--st-chart-categorical-colors[{index % COLORS}])"


def local(text: str, zone: ZoneInfo) -> str:
    """A time of the backend as Plotly draws it: the wall clock of this zone."""
    return wall_clock(moment(text), zone)


def wall_clock(at: datetime, zone: ZoneInfo) -> str:
    """A time as Plotly draws it: the wall clock of this zone."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S.%f}"


def framed(figure: go.Figure, *, height: int, revision: str) -> go.Figure:
    """Give a figure its frame. While ``revision`` stays the same, new data keep the viewer's zoom."""
    figure.update_layout(
        template=None,
        height=height,
        uirevision=revision,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": TEXT, "size": 12},
        margin={"l": 34, "r": 8, "t": 34, "b": 26},
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.02,
            "yanchor": "bottom",
            "font": {"color": TEXT},
            "traceorder": "normal",
        },
        hoverlabel={
            "bgcolor": "var(--st-background-color)",
            "bordercolor": "var(--st-border-color)",
            "font": {"color": TEXT},
        },
        hovermode="x unified",
        dragmode="zoom",
        separators=".,",
    )
    figure.update_xaxes(
        showgrid=False, zeroline=False, ticks="", tickfont={"color": FAINT}, automargin=True, nticks=10
    )
    figure.update_xaxes(
        tickformatstops=[
            {"dtickrange": [None, 60_000], "value": "%H:%M:%S"},
            {"dtickrange": [60_000, 86_400_000], "value": "%H:%M"},
            {"dtickrange": [86_400_000, None], "value": "%m-%d"},
        ],
        hoverformat="%m-%d %H:%M:%S",
    )
    figure.update_yaxes(
        gridcolor=GRID, zeroline=False, ticks="", tickfont={"color": FAINT}, automargin=True, fixedrange=True
    )
    return figure
