"""How many messages wait, above; how many failed for good, below."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import plotly.graph_objects as go  # type: ignore[import-untyped]

from dashboard.charts.style import BLUE, BLUE_FILL, RED, RED_FILL, framed, local
from dashboard.texts import Language, say

HEIGHT = 300


def queue_figure(queues: Mapping[str, Any], *, zone: ZoneInfo, language: Language) -> go.Figure:
    """The chart of the samples of ``/api/queues``."""
    samples = queues["samples"]
    times = [local(one["at"], zone) for one in samples]
    figure = go.Figure()
    waiting = [one["visible"] + one["in_flight"] for one in samples]
    dead = [one["dead_letters"] for one in samples]
    for key, axis, color, fill, values in (
        ("queue_name", "y", BLUE, BLUE_FILL, waiting),
        ("dead_letter_queue_name", "y2", RED, RED_FILL, dead),
    ):
        figure.add_scatter(
            name=say(key, language),
            x=times,
            y=values,
            yaxis=axis,
            mode="lines",
            line={"shape": "hv", "color": color, "width": 2},
            fill="tozeroy",
            fillcolor=fill,
            hovertemplate="%{y:,}",
        )
    figure.update_layout(
        yaxis={"domain": [0.5, 1], "nticks": 5, "range": [0, _top(waiting)]},
        yaxis2={"domain": [0, 0.34], "nticks": 4, "anchor": "x", "range": [0, _top(dead)]},
    )
    framed(figure, height=HEIGHT, revision="queue")
    figure.update_xaxes(type="date", autorange=True, anchor="y2")
    figure.update_yaxes(tickformat=",d")
    return figure


def _top(values: list[int]) -> float:
    """The upper end of an axis: never so low that a single message fills it with fractions."""
    return max(max(values, default=0) * 1.1, 4)
