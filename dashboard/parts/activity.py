"""The latest sales, shortages, orders and deliveries, a line each."""

from typing import Any

import streamlit as st

from dashboard.formats import plain
from dashboard.snapshots import snapshot
from dashboard.viewer import Viewer

ICONS = {
    "sale": ":material/shopping_bag:",
    "out_of_stock": ":red[:material/block:]",
    "order": ":blue[:material/smart_toy:]",
    "receipt": ":green[:material/inventory:]",
    "refused_delivery": ":red[:material/gpp_bad:]",
    "return": ":material/undo:",
    "adjustment": ":material/tune:",
}


def show_activity(viewer: Viewer, products: list[dict[str, Any]], *, limit: int) -> None:
    """Show so many of the latest lines, newest first."""
    activity = snapshot("/api/activity", limit=limit)
    names = {one["sku"]: viewer.name(one) for one in products}
    lines = [_line(viewer, one, names) for one in activity.data["activity"]] if activity else []
    if lines:
        st.markdown("  \n".join(lines))
    else:
        st.caption(viewer.say("no_activity"))


def _line(viewer: Viewer, entry: dict[str, Any], names: dict[str, str]) -> str:
    kind = entry["kind"]
    count = f"{entry['quantity']:+,}" if kind == "adjustment" else f"{abs(entry['quantity']):,}"
    what = viewer.say(f"did_{kind}", name=plain(names.get(entry["sku"], entry["sku"])), count=plain(count))
    aside = " ".join(part for part in (entry["number"], viewer.clock(entry["at"])) if part)
    return f"{ICONS[kind]} {what} :gray[:small[{plain(aside)}]]"
