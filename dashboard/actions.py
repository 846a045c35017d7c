"""What a click does: one call of the backend each, and a toast that says what came of it."""

import streamlit as st

from dashboard.client import client, new_key
from dashboard.formats import plain
from dashboard.parts.notices import notify, notify_failure
from dashboard.snapshots import forget_recent
from dashboard.viewer import Viewer

OUT_OF_STOCK = "urn:factoauto:problem:out-of-stock"


def buy(viewer: Viewer, sku: str, name: str) -> None:
    """Buy what the card's quantity says: one click, one idempotency key, one purchase."""
    quantity = int(st.session_state.get(f"quantity_{sku}") or 1)
    body = {"sku": sku, "quantity": quantity}
    result = client().send("POST", "/api/purchases", body, key=new_key())
    forget_recent()
    if result.ok:
        message = plain(result.data["message"])
        notify(viewer.say("bought", message=message, name=plain(name), count=f"{quantity:,}"))
    elif result.error == "problem" and result.data.get("type") == OUT_OF_STOCK:
        title, number = plain(result.data["title"]), plain(result.data["replenishment_number"] or "")
        notify(viewer.say("ordered_for_you", message=title, name=plain(name), number=number), "waiting")
    else:
        notify_failure(viewer, result)
