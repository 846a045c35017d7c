"""A product's card: its picture, price, stock and orders, and Buy."""

from html import escape
from typing import Any, Literal

import streamlit as st

from dashboard.actions import buy
from dashboard.formats import plain, won
from dashboard.pictures import product_picture
from dashboard.viewer import Viewer

StateColor = Literal["green", "orange", "red"]
STATES: dict[str, tuple[StateColor, str]] = {
    "in_stock": ("green", "check"),
    "low": ("orange", "trending_down"),
    "out_of_stock": ("red", "block"),
}
BAR_COLORS = {
    "in_stock": "light-dark(#2F9E44,#51CF66)",
    "low": "light-dark(#E8590C,#FF922B)",
    "out_of_stock": "light-dark(#D6293E,#FF6B6B)",
}
PICTURE_PIXELS = 60


def show_product_card(viewer: Viewer, product: dict[str, Any], *, enabled: bool) -> None:
    """Draw the card. Without ``enabled`` nothing can be bought."""
    sku, name = product["sku"], viewer.name(product)
    with st.container(border=True, key=f"card_{sku}", gap="small", height="stretch"):
        # It stretches, so that a name of two lines does not push its neighbours' bars out of line.
        with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False, height="stretch"):
            st.image(product_picture(sku), width=PICTURE_PIXELS, alt=viewer.say("picture_of", name=name))
            rate = f"{product['sales_per_minute']:.1f}"
            price = viewer.say("price_and_rate", price=won(product["price"]), rate=rate)
            st.markdown(f"**{plain(name)}**  \n:gray[:small[{plain(price)}]]")
        _show_stock(viewer, product)
        st.html(stock_bar(viewer, product))
        _show_buy(viewer, product, enabled=enabled)


def state_badge(viewer: Viewer, product: dict[str, Any]) -> str:
    """The stock's state as Markdown: colour, icon and words."""
    color, icon = STATES[product["state"]]
    return f":{color}-badge[:material/{icon}: {viewer.say('state_' + product['state'])} · {product['on_hand']:,}]"


def stock_bar(viewer: Viewer, product: dict[str, Any]) -> str:
    """A bar of the stock and what is on order, with a tick at the reorder point, as HTML."""
    on_hand, point = product["on_hand"], product["reorder_point"]
    full = max(on_hand, (point or 0) + product["lot_size"], 1)
    width = 100 * on_hand / full
    coming = min(100 - width, 100 * product["on_order"] / full)
    point_text = (
        viewer.say("shelf_no_reorder_point") if point is None else viewer.say("shelf_reorder_point", count=point)
    )
    label = viewer.say("shelf", name=viewer.name(product), on_hand=on_hand, reorder_point=point_text)
    tick = "" if point is None else _block(100 * point / full, "2px", "light-dark(#231F20,#F2EEF0)", "-3px", ".55")
    return (
        f'<div role="img" aria-label="{escape(label)}" style="position:relative;height:8px;margin:3px 0">'
        '<div style="position:absolute;inset:0;border-radius:4px;overflow:hidden;'
        'background:rgba(128,128,128,.18)">'
        f"{_block(0, f'{width:.1f}%', BAR_COLORS[product['state']], '0', '1')}"
        f"{_block(width, f'{coming:.1f}%', 'light-dark(#1C7ED6,#4DABF7)', '0', '.35')}</div>{tick}</div>"
    )


def _block(left: float, width: str, color: str, over: str, opacity: str) -> str:
    return (
        f'<div style="position:absolute;left:{left:.1f}%;width:{width};top:{over};bottom:{over};'
        f'background:{color};opacity:{opacity};transition:width .4s,left .4s"></div>'
    )


def _show_stock(viewer: Viewer, product: dict[str, Any]) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", gap="xsmall"):
        st.markdown(state_badge(viewer, product), width="content")
        if product["on_order"]:
            coming = viewer.say("on_order", count=f"{product['on_order']:,}")
            st.markdown(f":blue[:material/local_shipping: :small[{coming}]]", width="content")


def _show_buy(viewer: Viewer, product: dict[str, Any], *, enabled: bool) -> None:
    sku, name = product["sku"], viewer.name(product)
    with st.container(horizontal=True, gap="xsmall", wrap=False):
        st.number_input(
            viewer.say("buy_quantity", name=name),
            min_value=1,
            value=1,
            step=1,
            key=f"quantity_{sku}",
            label_visibility="collapsed",
            disabled=not enabled,
            width=104,
            persist_state="session",
        )
        st.button(
            viewer.say("buy"),
            key=f"buy_{sku}",
            type="secondary" if product["state"] == "out_of_stock" else "primary",
            icon=":material/shopping_bag:",
            help=viewer.say("buy_help", name=plain(name)),
            disabled=not enabled,
            width="stretch",
            on_click=buy,
            args=(viewer, sku, name),
        )
