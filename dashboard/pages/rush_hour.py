"""러시아워 / Rush hour: a simulator, and marked as one: customers at random, and a factory that fails."""

from typing import Any

import streamlit as st

from dashboard import settings
from dashboard.formats import plain
from dashboard.parts.connection import show_connection
from dashboard.parts.fault_switches import show_fault_switches
from dashboard.parts.header import Head, show_header
from dashboard.parts.notices import notify, show_notices
from dashboard.parts.product_card import state_badge, stock_bar
from dashboard.parts.skeleton import first_snapshot
from dashboard.simulator.customers import MOST_MINUTES, MOST_PER_SECOND, Progress, rush_hour
from dashboard.snapshots import Snapshot, snapshot
from dashboard.viewer import Viewer, current_viewer

TICK_SECONDS = 1.0
CONTROLS_TICK_SECONDS = 2.0
MIXED = 8
"""products that can be weighed against each other"""


def show() -> None:
    """Draw the page."""
    viewer = current_viewer()
    head = show_header(viewer, title="rush_hour_title", subtitle="rush_hour_subtitle")
    if not settings.load().simulator:
        st.info(viewer.say("simulator_off"), icon=":material/science:")
        return
    st.warning(viewer.say("simulator_only"), icon=":material/science:")
    left, right = st.columns([1, 1.4])
    with left:
        _live_controls(viewer)
    with right:
        _live(viewer, head)


@st.fragment(run_every=CONTROLS_TICK_SECONDS)
def _live_controls(viewer: Viewer) -> None:
    overview = snapshot("/api/overview", minutes=60)
    products = overview.data["products"][:MIXED] if overview else []
    with st.container(border=True):
        st.subheader(viewer.say("crowd"), anchor=False)
        st.slider(viewer.say("per_second"), 1, MOST_PER_SECOND, 3, key="rush_per_second", persist_state="session")
        st.slider(viewer.say("for_minutes"), 1, MOST_MINUTES, 2, key="rush_minutes", persist_state="session")
        with st.expander(viewer.say("mix"), icon=":material/tune:"), st.grid(2, min_column_width=130):
            for product in products:
                name = plain(viewer.name(product))
                st.slider(name, 0, 10, 5, key=f"rush_weight_{product['sku']}", persist_state="session")
        st.caption(viewer.say("ends_by_itself", minutes=MOST_MINUTES))
        with st.container(horizontal=True):
            st.button(
                viewer.say("start_rush"),
                key="start_rush",
                type="primary",
                icon=":material/play_arrow:",
                on_click=_start,
                args=(viewer, [product["sku"] for product in products]),
                disabled=not (products and overview.live),
            )
            st.button(
                viewer.say("stop_rush"), key="stop_rush", icon=":material/stop:", on_click=_stop, args=(viewer,)
            )


def _start(viewer: Viewer, skus: list[str]) -> None:
    state = st.session_state
    rush_hour().start(
        per_second=float(state.get("rush_per_second", 3)),
        seconds=60.0 * float(state.get("rush_minutes", 2)),
        mix={sku: int(state.get(f"rush_weight_{sku}", 5)) for sku in skus},
    )
    notify(viewer.say("rush_started"))


def _stop(viewer: Viewer) -> None:
    rush_hour().stop()
    notify(viewer.say("rush_stopped"))


@st.fragment(run_every=TICK_SECONDS)
def _live(viewer: Viewer, head: Head) -> None:
    show_notices()
    overview = first_snapshot(rows=(95, 240, 160))
    show_connection(viewer, head, overview)
    if not overview:
        return
    _show_progress(viewer, rush_hour().progress())
    with st.container(border=True):
        st.subheader(viewer.say("shelves"), anchor=False)
        for product in overview.data["products"][:MIXED]:
            _show_shelf(viewer, product)
        _show_queue(viewer, overview)
    show_fault_switches(viewer, enabled=overview.live)


def _show_progress(viewer: Viewer, progress: Progress) -> None:
    minutes, seconds = divmod(round(progress.remaining_seconds), 60)
    remaining = f"{minutes}:{seconds:02d}" if progress.running else viewer.say("not_running")
    numbers = (
        ("remaining", remaining),
        ("came", f"{progress.customers:,}"),
        ("came_sold", f"{progress.sold:,}"),
        ("came_refused", f"{progress.refused:,}"),
        ("came_unanswered", f"{progress.unanswered:,}"),
    )
    with st.grid(5, min_column_width=120, key="rush_numbers"):
        for key, value in numbers:
            st.metric(viewer.say(key), value, border=True)


def _show_shelf(viewer: Viewer, product: dict[str, Any]) -> None:
    with st.container(gap=None):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.markdown(plain(viewer.name(product)), width="content")
            st.markdown(state_badge(viewer, product), width="content")
        st.html(stock_bar(viewer, product))


def _show_queue(viewer: Viewer, overview: Snapshot) -> None:
    queue = overview.data["queue"]
    if queue:
        line = viewer.say("queue_line", **{name: f"{count:,}" for name, count in queue.items()})
        st.caption(f":material/layers: {viewer.say('queue_now')} · {line}")
