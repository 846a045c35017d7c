"""What stands in a page's place until its data were there for the first time."""

from collections.abc import Sequence

import streamlit as st

from dashboard.snapshots import Snapshot, snapshot


def first_snapshot(*, rows: Sequence[int], minutes: int = 60) -> Snapshot:
    """The overview, with grey blocks of these heights in pixels until this session has seen one."""
    place = st.empty()
    if not st.session_state.get("has_seen_data"):
        with place.container():
            for height in rows:
                st.skeleton(height)
    overview = snapshot("/api/overview", minutes=minutes)
    if overview:
        place.empty()
        st.session_state["has_seen_data"] = True
    return overview
