"""How far a replenishment is: its line of steps, and the story of it."""

from typing import Any

import streamlit as st

from dashboard.formats import plain
from dashboard.snapshots import snapshot
from dashboard.viewer import Viewer

STEPS = ("requested", "published", "ordered", "received")
SHOWN_FROM_SECONDS = 0.01
DONE = ":green[:material/check_circle:]"
TO_COME = ":gray[:material/radio_button_unchecked:]"
COLORS = {
    "requested": "gray",
    "published": "violet",
    "ordered": "blue",
    "partially_received": "orange",
    "received": "green",
    "cancelled": "gray",
    "dead_letter": "red",
}
EXPLAINED = ("dead_lettered", "delivery_refused")
"""events whose detail says what the line does not"""
EVENT_ICONS = {
    "requested": ":gray[:material/add_circle:]",
    "published": ":violet[:material/campaign:]",
    "dead_lettered": ":red[:material/error:]",
    "ordered": ":blue[:material/factory:]",
    "asked_again": ":orange[:material/replay:]",
    "delivered": ":blue[:material/local_shipping:]",
    "delivery_refused": ":red[:material/gpp_bad:]",
    "received": ":green[:material/inventory:]",
    "cancelled": ":gray[:material/cancel:]",
}


def is_dead_letter(order: dict[str, Any]) -> bool:
    """Whether it failed for good, until an operator sends it again."""
    return bool(order["dead_lettered_at"]) and order["status"] not in ("received", "cancelled")


def steps_line(viewer: Viewer, order: dict[str, Any]) -> str:
    """The steps as Markdown: what is done, where it is, what is to come."""
    status = "dead_letter" if is_dead_letter(order) else order["status"]
    badge = f":{COLORS[status]}-badge[{viewer.say('status_' + status)}]"
    if status in ("dead_letter", "cancelled"):
        return badge
    at = "ordered" if status == "partially_received" else status
    done = STEPS.index(at)
    marks = [DONE] * (done + (at == "received")) + [badge] + [TO_COME] * (len(STEPS) - 1 - done)
    return " ".join(marks)


def show_timeline(viewer: Viewer, order_id: str) -> None:
    """Draw what happened to it, from purchase to delivery, with how long each step took."""
    story = snapshot(f"/api/replenishments/{order_id}")
    if not story:
        st.skeleton(80)
        return
    order = story.data
    why = viewer.say(
        "why_ordered",
        cause=viewer.say(f"cause_{order['cause']}"),
        shortage=f"{order['shortage']:,}",
        on_hand=f"{order['on_hand_at_request']:,}",
    )
    expected = viewer.say("expected", time=viewer.clock(order["expected_at"])) if order["expected_at"] else ""
    st.caption(" · ".join(part for part in (why, expected) if part))
    st.markdown("  \n".join(_event(viewer, one) for one in order["timeline"]))


def _event(viewer: Viewer, event: dict[str, Any]) -> str:
    at_once = event["seconds"] is None or event["seconds"] < SHOWN_FROM_SECONDS
    took = "" if at_once else viewer.say("took", span=_precise(viewer, event["seconds"]))
    detail = plain(event["detail"]) if event["detail"] and event["event"] in EXPLAINED else ""
    aside = " ".join(part for part in (plain(viewer.clock(event["at"])), plain(took), detail) if part)
    return f"{EVENT_ICONS[event['event']]} {viewer.say('event_' + event['event'])} :gray[:small[{aside}]]"


def _precise(viewer: Viewer, seconds: float) -> str:
    """A span; below ten seconds with a tenth, since most steps take less than one."""
    if seconds >= 10:
        return viewer.span(seconds)
    unit = "초" if viewer.language == "ko" else " s"
    return f"{seconds:.2f}{unit}" if seconds < 1 else f"{seconds:.1f}{unit}"
