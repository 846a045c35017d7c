"""The Streamlit component that draws a figure and changes it in place."""

from pathlib import Path

import streamlit as st

CONFIG = {"responsive": True, "displaylogo": False, "displayModeBar": False, "scrollZoom": False}
ZOOMABLE = CONFIG | {
    "displayModeBar": "hover",
    "modeBarButtonsToRemove": ["lasso2d", "select2d", "toImage", "autoScale2d"],
    "doubleClick": "reset",
}

_mount = st.components.v2.component(
    "factoauto_live_chart",
    html="<div class='live-chart' style='width:100%'></div>",
    js=(Path(__file__).parent / "live_chart.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def live_chart(figure: str, *, height: int, key: str, alt: str, zoomable: bool = False) -> None:
    """Show a figure, given as its JSON, ``height`` pixels high; ``alt`` is what a screen reader says."""
    data = {"figure": figure, "alt": alt, "config": ZOOMABLE if zoomable else CONFIG}
    _mount(key=key, data=data, height=height)
