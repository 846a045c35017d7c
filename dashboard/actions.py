"""What a click does: one call of the backend each, and a toast that says what came of it."""

import streamlit as st

from dashboard.client import Result, client, new_key
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
        title, number = plain(result.data["title"]), plain(result.data.get("replenishment_number") or "")
        notify(viewer.say("ordered_for_you", message=title, name=plain(name), number=number), "waiting")
    else:
        notify_failure(viewer, result)


def restock(viewer: Viewer, sku: str, name: str) -> None:
    """Order what the panel's quantity says from the factory."""
    quantity = int(st.session_state[f"restock_quantity_{sku}"])
    path = f"/api/products/{sku}/restock"
    result = client().send("POST", path, {"quantity": quantity}, operator=True, key=new_key())
    forget_recent()
    if not result.ok:
        notify_failure(viewer, result)
        return
    number, count = plain(result.data["number"]), f"{result.data['quantity']:,}"
    key = "restocked" if result.status == 201 else "already_ordered"
    notify(viewer.say(key, name=plain(name), count=count, number=number), "waiting")


def change_policy(viewer: Viewer, sku: str, name: str, reorder_point: int | None, lot_size: int) -> None:
    """Set when a product is ordered, and in which lots; None: only when a customer was refused."""
    body = {"reorder_point": reorder_point, "lot_size": lot_size}
    result = client().send("PATCH", f"/api/products/{sku}", body, operator=True)
    _tell(viewer, result, viewer.say("policy_changed", name=plain(name)))


def adjust(viewer: Viewer, sku: str, name: str, quantity: int, reason: str) -> None:
    """Correct the stock by so many units, up or down."""
    body = {"quantity": quantity, "reason": reason}
    result = client().send("POST", f"/api/products/{sku}/adjustments", body, operator=True)
    _tell(viewer, result, viewer.say("adjusted", name=plain(name), count=plain(f"{quantity:+,}")))


def cancel(viewer: Viewer, replenishment_id: str, number: str, *, although_ordered: bool = False) -> None:
    """Call an order off that the factory does not have yet, or that it has and will not deliver."""
    path = f"/api/replenishments/{replenishment_id}/cancel"
    query = "?although_ordered=true" if although_ordered else ""
    result = client().send("POST", path + query, {}, operator=True)
    _tell(viewer, result, viewer.say("cancelled", number=plain(number)))


def redrive(viewer: Viewer, replenishment_ids: list[str] | None) -> None:
    """Send dead letters through the queue again: these, or all with None."""
    body = {"replenishment_ids": replenishment_ids}
    result = client().send("POST", "/api/queues/dead-letters/redrive", body, operator=True)
    count = result.data["redriven"] if result.ok else 0
    _tell(viewer, result, viewer.say("redriven", count=count))


def _tell(viewer: Viewer, result: Result, text: str) -> None:
    forget_recent()
    if result.ok:
        notify(text)
    else:
        notify_failure(viewer, result)
