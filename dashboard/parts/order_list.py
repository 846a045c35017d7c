"""The replenishments, newest first, each with its steps, and its story when opened."""

from datetime import UTC, datetime
from typing import Any

import streamlit as st

from dashboard import settings
from dashboard.formats import moment, plain
from dashboard.parts.dialogs import want_dialog
from dashboard.parts.order_steps import show_timeline, steps_line
from dashboard.snapshots import snapshot
from dashboard.viewer import Viewer

PAGE = 12
MOST = 96
CANCELLABLE = ("requested", "published")


def show_orders(viewer: Viewer, names: dict[str, str], *, enabled: bool) -> None:
    """Draw the list; without ``enabled`` nothing can be cancelled."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(viewer.say("orders"), anchor=False, width="content")
        st.segmented_control(
            viewer.say("which_orders"),
            ("only_open", "all_orders"),
            default="all_orders",
            required=True,
            format_func=viewer.say,
            key="which_orders",
            label_visibility="collapsed",
            persist_state="session",
        )
    only_open = st.session_state["which_orders"] == "only_open"
    limit = int(st.session_state.get("orders_shown", PAGE))
    asked: dict[str, Any] = {"limit": limit} | ({"open": "true"} if only_open else {})
    orders = snapshot("/api/replenishments", **asked)
    found = orders.data["replenishments"] if orders else []
    if not found:
        st.caption(viewer.say("no_open_orders" if only_open else "no_orders"))
        return
    with st.container(gap="xxsmall"):
        for order in found:
            _show_order(viewer, order, names, enabled=enabled)
    if orders.data["next_cursor"] and limit < MOST:
        st.button(viewer.say("show_more"), key="more_orders", type="tertiary", on_click=_show_more)


def _show_order(viewer: Viewer, order: dict[str, Any], names: dict[str, str], *, enabled: bool) -> None:
    line = viewer.say(
        "order_line",
        number=f"**{plain(order['number'])}**",
        name=plain(names.get(order["sku"], order["sku"])),
        count=f"{order['quantity']:,}",
    )
    age = (datetime.now(UTC) - moment(order["requested_at"])).total_seconds()
    aside = f"{viewer.say('cause_' + order['cause'])} · {viewer.say('ago', span=viewer.span(age))}"
    label = f"{line} :gray[:small[{aside}]]  \n{steps_line(viewer, order)}"
    opened = st.expander(label, key=f"order_{order['id']}", on_change="rerun", type="compact")
    if not opened.open:
        return
    with opened:
        show_timeline(viewer, order["id"])
        if order["status"] in CANCELLABLE:
            may = enabled and bool(settings.load().bearer_token())
            icon = ":material/cancel:"
            if st.button(viewer.say("cancel"), key=f"cancel_{order['id']}", icon=icon, disabled=not may):
                want_dialog("cancel", order)


def _show_more() -> None:
    st.session_state["orders_shown"] = min(MOST, st.session_state.get("orders_shown", PAGE) + PAGE)
