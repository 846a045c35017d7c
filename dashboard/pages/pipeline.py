"""보충 파이프라인 / Pipeline: the queue, every order's way from request to delivery, and what failed."""

from typing import Any

import streamlit as st

from dashboard.charts.queue import HEIGHT, queue_figure
from dashboard.charts.style import as_json
from dashboard.live_chart import live_chart
from dashboard.parts.alerts import show_alerts
from dashboard.parts.connection import show_connection
from dashboard.parts.dead_letters import show_dead_letters
from dashboard.parts.dialogs import keep_dialog_current, show_wanted_dialog
from dashboard.parts.header import Head, show_header
from dashboard.parts.notices import show_notices
from dashboard.parts.order_list import show_orders
from dashboard.parts.skeleton import first_snapshot
from dashboard.snapshots import snapshot
from dashboard.viewer import Viewer, current_viewer

TICK_SECONDS = 2.0
WINDOW_MINUTES = 15


def show() -> None:
    """Draw the page."""
    viewer = current_viewer()
    head = show_header(viewer, title="pipeline_title", subtitle="pipeline_subtitle")
    show_wanted_dialog(viewer)
    _live(viewer, head)


@st.fragment(run_every=TICK_SECONDS)
def _live(viewer: Viewer, head: Head) -> None:
    show_notices()
    overview = first_snapshot(rows=(95, 320, 200))
    show_connection(viewer, head, overview)
    keep_dialog_current(live=overview.live)
    if not overview:
        return
    names = {one["sku"]: viewer.name(one) for one in overview.data["products"]}
    _show_numbers(viewer, overview.data)
    left, right = st.columns([1, 1.05])
    with left:
        with st.container(border=True):
            st.subheader(viewer.say("queue_depth"), anchor=False)
            _show_depth(viewer)
        counted = overview.data["queue"] and overview.data["queue"]["dead_letters"]
        show_dead_letters(viewer, names, counted=counted, enabled=overview.live)
        show_alerts(viewer)
    with right.container(border=True):
        show_orders(viewer, names, enabled=overview.live)


def _show_numbers(viewer: Viewer, overview: dict[str, Any]) -> None:
    queue = overview["queue"]
    if queue is None:
        st.warning(viewer.say("queue_gone"), icon=":material/cloud_off:")
    counts = queue or {"visible": None, "in_flight": None, "dead_letters": None}
    dead = counts["dead_letters"]
    oldest = overview["oldest_seconds"]
    with st.grid(4, min_column_width=150, key="queue_numbers"):
        for key, icon in (("visible", "layers"), ("in_flight", "sync")):
            st.metric(
                viewer.say(key),
                _count(viewer, counts[key]),
                icon=f":material/{icon}:",
                border=True,
                height="stretch",
            )
        st.metric(
            viewer.say("dead_letters_count"),
            _count(viewer, dead),
            # Always a line, or the page would jump under a finger when the first dead letter comes.
            delta=viewer.say("attention" if dead else "all_well"),
            delta_color="red" if dead else "gray",
            delta_arrow="off",
            border=True,
            height="stretch",
            icon=":material/report:",
        )
        waiting = viewer.say("nothing_waiting") if oldest is None else viewer.span(oldest)
        st.metric(viewer.say("oldest"), waiting, icon=":material/timer:", border=True, height="stretch")


def _count(viewer: Viewer, count: int | None) -> str:
    return viewer.say("unknown") if count is None else f"{count:,}"


def _show_depth(viewer: Viewer) -> None:
    figure = _depth_json(viewer)
    if figure is None:
        st.caption(viewer.say("no_samples"))
        return
    live_chart(figure, height=HEIGHT, key="queue_chart", alt=viewer.say("queue_chart"), zoomable=True)


@st.cache_data(ttl=2, max_entries=16, show_spinner=False)
def _depth_json(viewer: Viewer) -> str | None:
    queues = snapshot("/api/queues", minutes=WINDOW_MINUTES)
    if not queues or not queues.data["samples"]:
        return None
    return as_json(queue_figure(queues.data, zone=viewer.zone, language=viewer.language))
