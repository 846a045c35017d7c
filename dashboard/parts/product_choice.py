"""Which product and which stretch of time a page is about, remembered in the URL."""

from typing import Any

import streamlit as st

from dashboard.viewer import Viewer

WINDOWS = (10, 30, 120, 1_440, 10_080, 43_200)
"""minutes"""
BUTTONS = 6
"""products that fit beside each other; more of them go into a list"""


def choose_product(viewer: Viewer, products: list[dict[str, Any]]) -> dict[str, Any]:
    """The chosen product: the one that the URL names, or the first."""
    by_sku = {one["sku"]: one for one in products}
    skus = list(by_sku)
    asked = st.query_params.get("sku")
    default = asked if asked in by_sku else skus[0]
    few = len(skus) <= BUTTONS
    if st.session_state.get("chosen_sku") not in by_sku:
        st.session_state["chosen_sku"] = default
    options: dict[str, Any] = {
        "options": skus,
        "format_func": lambda sku: viewer.name(by_sku[sku]),
        "key": "chosen_sku",
        "label_visibility": "collapsed",
        "on_change": _remember_sku,
    }
    if few:
        st.segmented_control(viewer.say("product"), required=True, **options)
    else:
        st.selectbox(viewer.say("product"), **options)
    return by_sku[st.session_state["chosen_sku"]]


def choose_window(viewer: Viewer) -> int:
    """The chosen stretch of time in minutes: the one that the URL names, or half an hour."""
    asked = st.query_params.get("minutes", "")
    if "chosen_window" not in st.session_state:
        st.session_state["chosen_window"] = int(asked) if asked in map(str, WINDOWS) else 30
    st.segmented_control(
        viewer.say("window"),
        WINDOWS,
        required=True,
        format_func=lambda minutes: viewer.say(f"window_{minutes}"),
        key="chosen_window",
        label_visibility="collapsed",
        on_change=_remember_window,
    )
    return int(st.session_state["chosen_window"])


def _remember_sku() -> None:
    st.query_params["sku"] = st.session_state["chosen_sku"]


def _remember_window() -> None:
    st.query_params["minutes"] = str(st.session_state["chosen_window"])
