"""The replenishments, newest first, each with its steps, and its story when opened."""

from typing import Any

import streamlit as st

from dashboard import settings
from dashboard.formats import plain
from dashboard.parts.dialogs import want_dialog
from dashboard.parts.order_steps import show_timeline, steps_line
from dashboard.snapshots import snapshot
from dashboard.viewer import Viewer

PAGE = 12
MOST = 96
CANCELLABLE = ("requested", "published")
AWAITED = ("ordered", "partially_received")


def show_orders(viewer: Viewer, names: dict[str, str], *, enabled: bool) -> None:
    """Draw the list; without ``enabled`` nothing can be cancelled."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(viewer.say("orders"), anchor=False, width="content")
        st.segmented_control(
            viewer.say("which_orders"),
            ("only_open", "all_orders"),
            default=st.session_state.get("which_orders", "all_orders"),
            required=True,
            format_func=viewer.say,
            key="which_orders",
            label_visibility="collapsed",
            persist_state="session",
            on_change=_show_newest,
        )
    only_open = st.session_state["which_orders"] == "only_open"
    limit = int(st.session_state.get("orders_shown", PAGE))
    cursor = str(st.session_state.get("orders_from", ""))
    asked: dict[str, Any] = {"limit": limit} | ({"open": "true"} if only_open else {})
    asked |= {"cursor": cursor} if cursor else {}
    orders = snapshot("/api/replenishments", **asked)
    found = orders.data["replenishments"] if orders else []
    if cursor:
        st.button(viewer.say("newest_orders"), key="newest_orders", type="tertiary", on_click=_show_newest)
    if not found:
        st.caption(viewer.say("no_open_orders" if only_open else "no_orders"))
        return
    with st.container(gap="xsmall"):
        for order in found:
            _show_order(viewer, order, names, enabled=enabled)
    following = orders.data["next_cursor"]
    if following and limit < MOST:
        st.button(viewer.say("show_more"), key="more_orders", type="tertiary", on_click=_show_more)
    elif following:
        # Older ones instead, not beside: the whole list is drawn anew with each tick.
        label = viewer.say("older_orders")
        st.button(label, key="older_orders", type="tertiary", on_click=_show_older, args=(following,))


def _show_order(viewer: Viewer, order: dict[str, Any], names: dict[str, str], *, enabled: bool) -> None:
    line = viewer.say(
        "order_line",
        number=f"**{plain(order['number'])}**",
        name=plain(names.get(order["sku"], order["sku"])),
        count=f"{order['quantity']:,}",
    )
    aside = f"{viewer.say('cause_' + order['cause'])} · {viewer.ago(order['requested_at'])}"
    opened = order["id"] in _opened()
    with st.container(
        horizontal=True, vertical_alignment="center", wrap=False, gap="xsmall", key=f"order_{order['number']}"
    ):
        st.markdown(f"{line} :gray[:small[{aside}]]  \n{steps_line(viewer, order)}", width="stretch")
        # Not an expander: one whose label changes, as an age does, forgets that it is open.
        st.button(
            viewer.say("less" if opened else "details"),
            key=f"details_{order['id']}",
            type="tertiary",
            icon=f":material/expand_{'less' if opened else 'more'}:",
            help=viewer.say("details_of", number=plain(order["number"])),
            on_click=_opened().discard if opened else _opened().add,
            args=(order["id"],),
        )
    if opened:
        _show_details(viewer, order, enabled=enabled)


def _show_details(viewer: Viewer, order: dict[str, Any], *, enabled: bool) -> None:
    with st.container(border=True, gap="xsmall", key=f"story_{order['id']}"):
        show_timeline(viewer, order["id"])
        # What nobody has yet is called off; what the factory has can only be no longer waited for.
        deed = "cancel" if order["status"] in CANCELLABLE else "give_up" if order["status"] in AWAITED else ""
        if deed:
            may = enabled and bool(settings.load().bearer_token())
            icon = ":material/cancel:"
            if st.button(viewer.say(deed), key=f"{deed}_{order['id']}", icon=icon, disabled=not may):
                want_dialog(deed, order)


def _opened() -> set[str]:
    """The orders whose story is shown."""
    opened: set[str] = st.session_state.setdefault("opened_orders", set())
    return opened


def _show_older(cursor: str) -> None:
    st.session_state["orders_from"] = cursor
    st.session_state["orders_shown"] = PAGE


def _show_newest() -> None:
    st.session_state["orders_from"] = ""
    st.session_state["orders_shown"] = PAGE


def _show_more() -> None:
    st.session_state["orders_shown"] = min(MOST, st.session_state.get("orders_shown", PAGE) + PAGE)
