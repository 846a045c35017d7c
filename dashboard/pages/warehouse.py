"""재고 / Warehouse: stock over time, restock, the reorder rule, adjustments, the ledger."""

from typing import Any

import streamlit as st

from dashboard.charts.spark import resampled, sparkline
from dashboard.charts.stock import HEIGHT, stock_figure
from dashboard.charts.style import as_json
from dashboard.live_chart import live_chart
from dashboard.parts.connection import show_connection
from dashboard.parts.deliveries import show_deliveries
from dashboard.parts.dialogs import keep_dialog_current, show_wanted_dialog
from dashboard.parts.header import Head, show_header
from dashboard.parts.ledger import show_ledger
from dashboard.parts.notices import show_notices
from dashboard.parts.product_card import STATES
from dashboard.parts.product_choice import choose_page, choose_product, choose_window
from dashboard.parts.restocking import show_restocking
from dashboard.parts.skeleton import first_snapshot
from dashboard.snapshots import slow_snapshot, snapshot
from dashboard.viewer import Viewer, current_viewer

TICK_SECONDS = 1.5
LEDGER_TICK_SECONDS = 5
POINTS = 400


def show() -> None:
    """Draw the page."""
    viewer = current_viewer()
    head = show_header(viewer, title="warehouse_title", subtitle="warehouse_subtitle")
    show_wanted_dialog(viewer)
    _live(viewer, head)
    _live_ledger(viewer)


@st.fragment(run_every=TICK_SECONDS)
def _live(viewer: Viewer, head: Head) -> None:
    show_notices()
    overview = first_snapshot(rows=(160, 34, 440))
    show_connection(viewer, head, overview)
    keep_dialog_current(live=overview.live)
    if not overview:
        return
    products = overview.data["products"]
    if not products:
        st.info(viewer.say("no_products"), icon=":material/bakery_dining:")
        return
    _show_shelves(viewer, choose_page(products))
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        product = choose_product(viewer, products)
        minutes = choose_window(viewer)
    left, right = st.columns([2.75, 1])
    with left.container(border=True):
        _show_stock(viewer, product, minutes)
    with right:
        show_restocking(viewer, product, enabled=overview.live)
        show_deliveries(viewer, product)


@st.fragment(run_every=LEDGER_TICK_SECONDS)
def _live_ledger(viewer: Viewer) -> None:
    overview = snapshot("/api/overview", minutes=60)
    products = overview.data["products"] if overview else []
    chosen = [one for one in products if one["sku"] == st.session_state.get("chosen_sku")]
    if chosen:
        show_ledger(viewer, chosen[0])


def _show_shelves(viewer: Viewer, products: list[dict[str, Any]]) -> None:
    lines = _recent_stock([product["sku"] for product in products])
    with st.grid(5, min_column_width=160, key="shelves"):
        for product in products:
            with st.container(border=True, gap="xsmall"):
                st.metric(
                    viewer.name(product),
                    f"{product['on_hand']:,}",
                    delta=viewer.say(f"state_{product['state']}"),
                    delta_color=STATES[product["state"]][0],
                    delta_arrow="off",
                )
                if values := lines.get(product["sku"]):
                    alt = viewer.say("sparkline", name=viewer.name(product))
                    st.image(sparkline(values, state=product["state"]), width="stretch", alt=alt)


def _show_stock(viewer: Viewer, product: dict[str, Any], minutes: int) -> None:
    sku = product["sku"]
    figure = _stock_json(viewer, sku, minutes, product["reorder_point"])
    if figure is None:
        st.caption(viewer.say("no_stock_history"))
        return
    alt = viewer.say("stock_chart", name=viewer.name(product))
    live_chart(figure, height=HEIGHT, key="stock_chart", alt=alt, zoomable=True)


@st.cache_data(ttl=4, max_entries=16, show_spinner=False)
def _recent_stock(skus: list[str]) -> dict[str, list[int]]:
    history = slow_snapshot("/api/stock-history", sku=skus, points=100)
    if not history:
        return {}
    start, end = history.data["from"], history.data["to"]
    return {one["sku"]: resampled(one["points"], start=start, end=end) for one in history.data["series"]}


@st.cache_data(ttl=1.5, max_entries=64, show_spinner=False)
def _stock_json(viewer: Viewer, sku: str, minutes: int, reorder_point: int | None) -> str | None:
    ask = snapshot if minutes <= 120 else slow_snapshot
    stock = ask("/api/stock-history", since_minutes=minutes, sku=sku, points=POINTS)
    sales = ask("/api/sales-history", since_minutes=minutes, sku=sku)
    if not stock or not sales or not stock.data["series"] or not stock.data["series"][0]["points"]:
        return None
    figure = stock_figure(
        stock.data,
        sales.data,
        reorder_point=reorder_point,
        zone=viewer.zone,
        language=viewer.language,
        revision=f"{sku} {minutes}",
    )
    return as_json(figure)
