"""Which product and which stretch of time a page is about, remembered in the URL, and which cards it shows."""

from collections.abc import Container
from typing import Any

import streamlit as st

from dashboard.viewer import Viewer

WINDOWS = (10, 30, 120, 1_440, 10_080, 43_200)
"""minutes"""
USUAL_WINDOW = 30
BUTTONS = 6
"""products that fit beside each other; more of them go into a list"""
CARDS = 10
"""products on a page of cards"""


def choose_product(viewer: Viewer, products: list[dict[str, Any]]) -> dict[str, Any]:
    """The chosen product: as last chosen, else the one that the URL names, else the first."""
    by_sku = {one["sku"]: one for one in products}
    skus = list(by_sku)
    chosen = _first_of(by_sku, st.session_state.get("chosen_sku"), st.query_params.get("sku"), skus[0])
    options: dict[str, Any] = {
        "options": skus,
        "format_func": lambda sku: viewer.name(by_sku[sku]),
        "key": "chosen_sku",
        "label_visibility": "collapsed",
        "on_change": _remember_sku,
        "persist_state": "session",
    }
    # The default is what is chosen, always: a browser that draws the control only after a tick begins with it.
    if len(skus) <= BUTTONS:
        st.segmented_control(viewer.say("product"), default=chosen, required=True, **options)
    else:
        st.selectbox(viewer.say("product"), index=skus.index(chosen), **options)
    return by_sku[_first_of(by_sku, st.session_state["chosen_sku"], chosen)]


def choose_page(products: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The products of the chosen page of cards; shop and warehouse show the same."""
    if len(products) <= CARDS:
        return products
    page = st.pagination(-(-len(products) // CARDS), key="product_page", persist_state="session")
    return products[(page - 1) * CARDS : page * CARDS]


def choose_window(viewer: Viewer) -> int:
    """The chosen stretch of time in minutes: as last chosen, else as the URL says, else half an hour."""
    by_text = {str(minutes): minutes for minutes in WINDOWS}
    asked = by_text.get(st.query_params.get("minutes", ""))
    chosen: int = _first_of(WINDOWS, st.session_state.get("chosen_window"), asked, USUAL_WINDOW)
    st.segmented_control(
        viewer.say("window"),
        WINDOWS,
        default=chosen,
        required=True,
        format_func=lambda minutes: viewer.say(f"window_{minutes}"),
        key="chosen_window",
        label_visibility="collapsed",
        on_change=_remember_window,
        persist_state="session",
    )
    return int(st.session_state["chosen_window"])


def _first_of(possible: Container[Any], *wanted: Any) -> Any:
    """The first that is possible; the last one is."""
    return next(one for one in wanted if one in possible)


def _remember_sku() -> None:
    st.query_params["sku"] = st.session_state["chosen_sku"]


def _remember_window() -> None:
    st.query_params["minutes"] = str(st.session_state["chosen_window"])
