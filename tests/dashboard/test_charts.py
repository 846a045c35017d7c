"""Charts: from the backend's data to figures."""

from typing import Any
from zoneinfo import ZoneInfo

import plotly.graph_objects as go  # type: ignore[import-untyped]

from dashboard.charts.queue import queue_figure
from dashboard.charts.sales import has_sales, sales_figure
from dashboard.charts.spark import POINTS, resampled, sparkline
from dashboard.charts.stock import stock_figure
from dashboard.charts.style import Figure, as_json

SEOUL = ZoneInfo("Asia/Seoul")
START, END = "2026-11-22T15:00:00Z", "2026-11-22T15:30:00Z"


def _sales(*quantities: int) -> dict[str, Any]:
    points = [
        {"at": f"2026-11-22T15:{10 + index}:00Z", "sold_quantity": quantity, "sold_amount": 0}
        for index, quantity in enumerate(quantities)
    ]
    return {"from": START, "to": END, "bucket_seconds": 60, "series": [{"sku": "A", "points": points}]}


def _stock() -> dict[str, Any]:
    points = [
        {"at": START, "on_hand": 5},
        {"at": "2026-11-22T15:10:00Z", "on_hand": 2},
        {"at": "2026-11-22T15:20:00Z", "on_hand": 12},
    ]
    receipts = [{"at": "2026-11-22T15:20:00Z", "quantity": 10, "replenishment_id": "r"}]
    return {"from": START, "to": END, "series": [{"sku": "A", "points": points, "receipts": receipts}]}


def _checked(figure: Figure) -> Any:
    """The figure as Plotly's own class, which refuses what it does not know."""
    return go.Figure(figure, skip_invalid=False)


def _stock_chart(reorder_point: int | None = 4) -> Any:
    figure = stock_figure(
        _stock(), _sales(3), reorder_point=reorder_point, zone=SEOUL, language="ko", revision="A 30"
    )
    return _checked(figure)


def test_sales_are_stacked_bars_at_the_viewers_wall_clock() -> None:
    figure = _checked(sales_figure(_sales(3, 5), {"A": "글레이즈드", "B": "팥"}, zone=SEOUL))

    assert figure.layout.barmode == "stack"
    assert [bar.name for bar in figure.data] == ["글레이즈드", "팥"]
    assert list(figure.data[0].x) == ["2026-11-23 00:10:30.000000", "2026-11-23 00:11:30.000000"]
    assert list(figure.data[0].y) == [3, 5]
    assert list(figure.layout.xaxis.range) == ["2026-11-23 00:00:00.000000", "2026-11-23 00:30:00.000000"]


def test_whether_anything_was_sold() -> None:
    assert has_sales(_sales(0, 1))
    assert not has_sales(_sales(0))
    assert not has_sales(_sales())


def test_stock_is_a_step_line_up_to_now() -> None:
    line = _stock_chart().data[0]

    assert line.line.shape == "hv"
    assert list(line.y) == [5, 2, 12, 12]
    assert line.x[-1] == "2026-11-23 00:30:00.000000"


def test_deliveries_stand_on_the_stock_that_they_made() -> None:
    marks = _stock_chart().data[1]

    assert list(marks.y) == [12]
    assert list(marks.text) == ["+10 입고"]


def test_the_reorder_point_is_a_line_with_its_number() -> None:
    figure = _stock_chart()

    assert figure.layout.shapes[0].y0 == 4
    assert figure.layout.annotations[0].text == "보충 기준선 4"


def test_without_a_reorder_point_there_is_no_line() -> None:
    assert not _stock_chart(None).layout.shapes


def test_new_data_keep_the_zoom() -> None:
    """Plotly keeps what the viewer did while uirevision stays, unless it is given a range of its own."""
    figure = _stock_chart()

    assert figure.layout.uirevision == "A 30"
    assert figure.layout.xaxis.range is None
    assert figure.layout.xaxis.autorange is True


def test_the_queue_and_the_dead_letters_have_an_axis_each() -> None:
    samples = [
        {"at": START, "visible": 2, "in_flight": 1, "dead_letters": 0},
        {"at": END, "visible": 0, "in_flight": 0, "dead_letters": 3},
    ]

    figure = _checked(queue_figure({"samples": samples}, zone=SEOUL, language="en"))

    assert [list(line.y) for line in figure.data] == [[3, 0], [0, 3]]
    assert [line.yaxis for line in figure.data] == ["y", "y2"]


def test_a_figure_names_the_themes_colours_and_none_of_its_own() -> None:
    text = as_json(sales_figure(_sales(1), {"A": "A"}, zone=SEOUL))

    assert "var(--st-" in text
    assert "#" not in text


def test_a_sparkline_has_even_steps_and_ends_with_what_is_there_now() -> None:
    values = resampled(_stock()["series"][0]["points"], start=START, end=END)

    assert len(values) == POINTS
    assert (values[0], values[POINTS // 2], values[-1]) == (5, 2, 12)


def test_without_history_there_is_no_sparkline() -> None:
    assert resampled([], start=START, end=END) == []


def test_a_sparkline_is_drawn_in_the_colour_of_the_state() -> None:
    assert sparkline([0, 0], state="out_of_stock") != sparkline([0, 0], state="in_stock")
    assert sparkline([1, 2], state="low").startswith("data:image/svg+xml;base64,")
