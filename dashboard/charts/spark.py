"""A product's stock as a small line, drawn as an SVG image: cheap enough for every product at every tick."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.formats import moment

POINTS = 40
WIDTH, HEIGHT, TOP = 200, 44, 3
# An image follows the colour scheme of the element that shows it.
COLORS = {
    "in_stock": ("#2F9E44", "#51CF66"),
    "low": ("#E8590C", "#FF922B"),
    "out_of_stock": ("#D6293E", "#FF6B6B"),
}


def resampled(points: Sequence[Mapping[str, Any]], *, start: str, end: str) -> list[int]:
    """The stock at evenly spaced times of a window, oldest first; before its first point it is the first."""
    if not points:
        return []
    times = [moment(point["at"]) for point in points]
    begin, step = moment(start), (moment(end) - moment(start)) / (POINTS - 1)
    values: list[int] = []
    index = 0
    for number in range(POINTS):
        while index + 1 < len(points) and times[index + 1] <= begin + number * step:
            index += 1
        values.append(points[index]["on_hand"])
    values[-1] = points[-1]["on_hand"]
    return values


def sparkline(values: Sequence[int], *, state: str) -> str:
    """The values as a filled line from zero up, in the colour of the stock's state: a ``data:`` URL."""
    top = max(*values, 1)
    across, down = WIDTH / (len(values) - 1), (HEIGHT - TOP) / top
    line = " ".join(f"{index * across:.1f},{HEIGHT - value * down:.1f}" for index, value in enumerate(values))
    light, dark = COLORS[state]
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" '
        f'width="{WIDTH}" height="{HEIGHT}"><style>:root{{color:{light}}}'
        f"@media(prefers-color-scheme:dark){{:root{{color:{dark}}}}}</style>"
        f'<polygon points="0,{HEIGHT} {line} {WIDTH},{HEIGHT}" fill="currentColor" opacity=".13"/>'
        f'<polyline points="{line}" fill="none" stroke="currentColor" stroke-width="1.8" '
        'stroke-linejoin="round" vector-effect="non-scaling-stroke"/></svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
