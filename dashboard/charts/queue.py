"""How many messages wait, above; how many failed for good, below."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any

from dashboard.charts.style import (
    BLUE,
    BLUE_FILL,
    COUNT_AXIS,
    RED,
    RED_FILL,
    TIME_AXIS,
    Figure,
    framed,
    local,
)
from dashboard.texts import Language, say

HEIGHT = 300


def queue_figure(queues: Mapping[str, Any], *, zone: tzinfo, language: Language) -> Figure:
    """The chart of the samples of ``/api/queues``."""
    samples = queues["samples"]
    times = [local(one["at"], zone) for one in samples]
    waiting = [one["visible"] + one["in_flight"] for one in samples]
    dead = [one["dead_letters"] for one in samples]
    lines = [
        _line("y", BLUE, BLUE_FILL) | {"name": say("queue_name", language), "x": times, "y": waiting},
        _line("y2", RED, RED_FILL) | {"name": say("dead_letter_queue_name", language), "x": times, "y": dead},
    ]
    layout = {
        "xaxis": TIME_AXIS | {"anchor": "y2"},
        "yaxis": COUNT_AXIS | {"domain": [0.5, 1], "nticks": 5, "range": [0, _top(waiting)]},
        "yaxis2": COUNT_AXIS | {"domain": [0, 0.34], "nticks": 4, "anchor": "x", "range": [0, _top(dead)]},
    }
    return framed(lines, layout, height=HEIGHT, revision="queue")


def _line(axis: str, color: str, fill: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "yaxis": axis,
        "line": {"shape": "hv", "color": color, "width": 2},
        "fill": "tozeroy",
        "fillcolor": fill,
        "hovertemplate": "%{y:,}",
    }


def _top(values: Sequence[int]) -> float:
    """The upper end of an axis: never so low that a single message fills it with fractions."""
    return max(max(values, default=0) * 1.1, 4)
