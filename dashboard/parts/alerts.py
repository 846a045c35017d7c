"""What is wrong with the shop now, as its alerts say: the same that a webhook would tell."""

from typing import Any

import streamlit as st

from dashboard.formats import plain
from dashboard.snapshots import snapshot
from dashboard.viewer import Viewer

SHOWN = 10
ICONS = {
    "out_of_stock": ":orange[:material/block:]",
    "dead_letter": ":red[:material/error:]",
    "overdue": ":orange[:material/schedule:]",
    "drift": ":red[:material/difference:]",
}


def show_alerts(viewer: Viewer) -> None:
    """Draw every alert that holds, oldest first."""
    found = snapshot("/api/alerts")
    with st.container(border=True):
        st.subheader(viewer.say("alerts"), anchor=False)
        if not found:
            st.skeleton(24)
            return
        alerts = found.data["alerts"]
        if not alerts:
            st.caption(viewer.say("no_alerts"))
            return
        st.markdown("  \n".join(_line(viewer, one) for one in alerts[:SHOWN]))
        if len(alerts) > SHOWN:
            st.caption(viewer.say("more_alerts", count=f"{len(alerts) - SHOWN:,}"))


def _line(viewer: Viewer, alert: dict[str, Any]) -> str:
    aside = plain(viewer.ago(alert["raised_at"]))
    return f"{ICONS[alert['kind']]} {plain(alert['text'][viewer.language])} :gray[:small[{aside}]]"
