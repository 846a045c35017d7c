"""How one product stands, and what an operator does about it: restock, the reorder rule, an adjustment."""

from typing import Any

import streamlit as st

from dashboard import settings
from dashboard.actions import restock
from dashboard.parts.dialogs import want_dialog
from dashboard.viewer import Viewer


def show_restocking(viewer: Viewer, product: dict[str, Any], *, enabled: bool) -> None:
    """Draw the panel. Without ``enabled``, or without an operator's token, nothing can be done."""
    may_act = bool(settings.load().bearer_token())
    with st.container(border=True):
        _show_numbers(viewer, product)
        if not may_act:
            st.caption(viewer.say("no_token"))
        _show_actions(viewer, product, enabled=enabled and may_act)


def _show_numbers(viewer: Viewer, product: dict[str, Any]) -> None:
    point = product["reorder_point"]
    numbers = (
        ("rate_per_minute", f"{product['sales_per_minute']:.1f}"),
        ("runs_out_in", viewer.span(product["runs_out_in_seconds"])),
        ("on_order_now", f"{product['on_order']:,}"),
        ("lead_time", viewer.span(product["lead_time_seconds"])),
        ("reorder_point", viewer.say("no_reorder_point") if point is None else f"{point:,}"),
        ("lot_size", f"{product['lot_size']:,}"),
    )
    with st.grid(2, min_column_width=90, gap="xsmall", key="product_numbers"):
        for key, value in numbers:
            st.metric(viewer.say(key), value)


def _show_actions(viewer: Viewer, product: dict[str, Any], *, enabled: bool) -> None:
    sku = product["sku"]
    st.number_input(
        viewer.say("restock_quantity"),
        min_value=1,
        value=product["lot_size"],
        step=product["lot_size"],
        key=f"restock_quantity_{sku}",
        disabled=not enabled,
    )
    st.button(
        viewer.say("restock"),
        key="restock",
        type="primary",
        icon=":material/local_shipping:",
        width="stretch",
        disabled=not enabled,
        on_click=restock,
        args=(viewer, sku, viewer.name(product)),
    )
    with st.container(horizontal=True, gap="xsmall"):
        for name, icon in (("edit_policy", "tune"), ("adjust", "edit")):
            clicked = st.button(
                viewer.say(name),
                key=name,
                icon=f":material/{icon}:",
                width="stretch",
                disabled=not enabled,
            )
            if clicked:
                want_dialog(name, product)
