"""What the factory brought lately, for one product."""

from typing import Any

import streamlit as st

from dashboard.formats import plain
from dashboard.snapshots import snapshot
from dashboard.viewer import Viewer

LINES = 6
LOOKED_AT = 20
"""replenishments among which the delivered ones are looked for"""


def show_deliveries(viewer: Viewer, product: dict[str, Any]) -> None:
    """Draw the list, newest first."""
    orders = snapshot("/api/replenishments", sku=product["sku"], limit=LOOKED_AT)
    found = orders.data["replenishments"] if orders else []
    delivered = [one for one in found if one["received_quantity"] and one["received_at"]]
    with st.container(border=True):
        st.subheader(viewer.say("recent_deliveries"), anchor=False)
        if not delivered:
            st.caption(viewer.say("no_deliveries"))
            return
        st.markdown("  \n".join(_line(viewer, one) for one in delivered[:LINES]))


def _line(viewer: Viewer, order: dict[str, Any]) -> str:
    at = viewer.clock(order["received_at"])
    return f":green-badge[+{order['received_quantity']:,}] {plain(order['number'])} :gray[:small[{plain(at)}]]"
