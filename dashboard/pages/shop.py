"""매장 / Shop: what is sold, a card for each product with Buy, sales per minute, what just happened."""

from typing import Any

import streamlit as st

from dashboard.charts.sales import HEIGHT, has_sales, sales_figure
from dashboard.charts.style import as_json
from dashboard.live_chart import live_chart
from dashboard.parts.activity import show_activity
from dashboard.parts.connection import show_connection
from dashboard.parts.header import Head, show_header
from dashboard.parts.notices import show_notices
from dashboard.parts.product_card import show_product_card
from dashboard.parts.product_choice import choose_page
from dashboard.parts.skeleton import first_snapshot
from dashboard.snapshots import snapshot
from dashboard.viewer import Viewer, current_viewer

TICK_SECONDS = 1.5
WINDOW_MINUTES = 60
ACTIVITY_LINES = 12


def show() -> None:
    """Draw the page."""
    viewer = current_viewer()
    _live(viewer, show_header(viewer, title="shop_title", subtitle="shop_subtitle"))


@st.fragment(run_every=TICK_SECONDS)
def _live(viewer: Viewer, head: Head) -> None:
    show_notices()
    overview = first_snapshot(rows=(85, 205, 320), minutes=WINDOW_MINUTES)
    show_connection(viewer, head, overview)
    if not overview:
        return
    products = overview.data["products"]
    _show_numbers(viewer, overview.data)
    if not products:
        st.info(viewer.say("no_products"), icon=":material/bakery_dining:")
    shown = choose_page(products)
    with st.grid(5, min_column_width=215, key="products"):
        for product in shown:
            show_product_card(viewer, product, enabled=overview.live)
    left, right = st.columns([1.5, 1])
    with left.container(border=True, height="stretch"):
        _show_sales(viewer, products)
    with right.container(border=True, height="stretch"):
        st.subheader(viewer.say("activity"), anchor=False)
        show_activity(viewer, products, limit=ACTIVITY_LINES)


def _show_numbers(viewer: Viewer, overview: dict[str, Any]) -> None:
    short = f"{overview['short_products']} / {overview['total_products']}"
    numbers = (
        (viewer.say("revenue"), viewer.short_won(overview["revenue"]), "payments"),
        (viewer.say("sold_quantity"), f"{overview['sold_quantity']:,}", "shopping_bag"),
        (
            viewer.say("lost_sales", count=f"{overview['lost_quantity']:,}"),
            viewer.short_won(overview["lost_amount"]),
            "production_quantity_limits",
        ),
        (viewer.say("short_products"), short, "trending_down"),
        (viewer.say("open_replenishments"), f"{overview['open_replenishments']:,}", "local_shipping"),
    )
    with st.grid(5, min_column_width=160, key="numbers"):
        for label, value, icon in numbers:
            st.metric(label, value, border=True, icon=f":material/{icon}:")


def _show_sales(viewer: Viewer, products: list[dict[str, Any]]) -> None:
    st.subheader(viewer.say("sales_per_minute"), anchor=False)
    figure = _sales_json(viewer, {one["sku"]: viewer.name(one) for one in products})
    if figure is None:
        st.caption(viewer.say("no_sales"))
        return
    live_chart(figure, height=HEIGHT, key="sales_chart", alt=viewer.say("sales_chart"))


@st.cache_data(ttl=2, max_entries=16, show_spinner=False)
def _sales_json(viewer: Viewer, names: dict[str, str]) -> str | None:
    history = snapshot("/api/sales-history")
    if not history or not has_sales(history.data):
        return None
    return as_json(sales_figure(history.data, names, zone=viewer.zone))
