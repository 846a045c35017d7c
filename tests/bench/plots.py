"""The report's pictures: made by Plotly in a browser of this machine, kept as SVG."""

import base64
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import plotly.graph_objects as go  # type: ignore[import-untyped]
from plotly.offline import get_plotlyjs  # type: ignore[import-untyped]
from plotly.subplots import make_subplots  # type: ignore[import-untyped]

from tests.bench.figures import find
from tests.bench.records import Record
from tests.servers.browser import open_browser

PLOTS = {
    "rush-hour-mariadb": "Purchases a second and p99 by connections, on MariaDB",
    "rush-hour-sqlite": "Purchases a second and p99 by connections, on SQLite",
}
LOOKS = {
    "slap": ("mariadb-slap, no HTTP", "#8c564b"),
    "original": ("the original's way", "#d62728"),
    "one_each": ("one transaction each", "#ff7f0e"),
    "group_commit": ("group commit", "#1f77b4"),
    "no_database": ("no database", "#7f7f7f"),
}
SIZE = {"width": 1000, "height": 640}
_EXPORT = """async ([figure, size]) => {
    const drawn = await Plotly.newPlot(document.body.appendChild(document.createElement('div')), figure)
    return Plotly.toImage(drawn, {format: 'svg', ...size})
}"""


def draw_plots(records: Iterable[Record], *, folder: Path) -> None:
    """Write a picture for each database that was measured."""
    known = list(records)
    figures = {
        f"rush-hour-{database}": plot_storms(known, database=database)
        for database in ("mariadb", "sqlite")
        if any(one.part == "storm" and one.database == database for one in known)
    }
    if not figures:
        return
    with open_browser() as browser:
        page = browser.new_page()
        page.add_script_tag(content=get_plotlyjs())
        for name, figure in figures.items():
            image = page.evaluate(_EXPORT, [figure.to_plotly_json(), SIZE])
            (folder / f"{name}.svg").write_text(_read_data_url(image), encoding="utf-8")


def plot_storms(records: list[Record], *, database: str) -> go.Figure:
    """Rates above, p99 below; one product on the left, a thousand on the right."""
    titles = ["one product", "a thousand products (Zipf)"]
    figure = make_subplots(rows=2, cols=2, column_titles=titles, shared_xaxes=True, vertical_spacing=0.06)
    for column, goods in enumerate(("hot", "zipf"), start=1):
        for row, name in enumerate(("per_second", "p99_ms"), start=1):
            for contender in LOOKS:
                line = _line(records, name, database=database, contender=contender, goods=goods)
                if line:
                    line["showlegend"] = column == row == 1
                    figure.add_scatter(row=row, col=column, **line)
    figure.update_xaxes(type="category", row=2, title_text="connections")
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=_connections(records))
    figure.update_yaxes(rangemode="tozero", row=1)
    figure.update_yaxes(type="log", row=2)
    figure.update_yaxes(title_text="purchases a second", row=1, col=1)
    figure.update_yaxes(title_text="p99, milliseconds", row=2, col=1)
    figure.update_layout(template="plotly_white", legend={"orientation": "h", "y": -0.12}, margin={"t": 40})
    return figure


def _line(records: list[Record], name: str, *, database: str, contender: str, goods: str) -> dict[str, Any] | None:
    points = []
    for connections in _connections(records):
        figure = find(
            records,
            name,
            database=database,
            contender=contender,
            goods=goods,
            connections=int(connections),
        )
        if figure:
            points.append((connections, figure))
    if not points:
        return None
    words, colour = LOOKS[contender]
    return {
        "name": words,
        "mode": "lines+markers",
        "marker": {"color": colour, "symbol": "diamond" if contender == "slap" else "circle", "size": 8},
        "x": [connections for connections, _ in points],
        "y": [figure.median for _, figure in points],
        "error_y": {
            "array": [figure.most - figure.median for _, figure in points],
            "arrayminus": [figure.median - figure.least for _, figure in points],
            "color": colour,
            "thickness": 1,
        },
    }


def _connections(records: list[Record]) -> list[str]:
    return [str(number) for number in sorted({one.connections for one in records if one.part == "storm"})]


def _read_data_url(url: str) -> str:
    head, _, data = url.partition(",")
    return base64.b64decode(data).decode() if head.endswith(";base64") else unquote(data)
