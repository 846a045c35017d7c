"""Switches for what can go wrong at the factory."""

import streamlit as st

from dashboard import settings
from dashboard.formats import plain
from dashboard.parts.notices import notify, notify_failure
from dashboard.simulator.faults import FAULTS, LAST_SECONDS, PATH, faults_on, switch_fault
from dashboard.snapshots import forget_recent, snapshot
from dashboard.viewer import Viewer


def show_fault_switches(viewer: Viewer, *, enabled: bool) -> None:
    """Draw the switches as the factory has them."""
    with st.container(border=True):
        st.subheader(viewer.say("faults"), anchor=False)
        if not settings.load().bearer_token():
            st.caption(viewer.say("no_token"))
            return
        faults = snapshot(PATH, operator=True)
        if not faults.live:
            st.caption(viewer.say("faults_gone", reason=plain(faults.reason or viewer.say("unknown"))))
        on = faults_on(faults.data or {})
        with st.grid(2, min_column_width=220, gap="xsmall"):
            for name in FAULTS:
                _show_switch(viewer, name, on=name in on, enabled=enabled and faults.live)
        st.caption(viewer.say("faults_help", span=viewer.span(LAST_SECONDS)))


def _show_switch(viewer: Viewer, name: str, *, on: bool, enabled: bool) -> None:
    key = f"fault_{name}"
    # What another session switched shows here too; what is as it was stays untouched, or a click could be lost.
    differs = key in st.session_state and st.session_state[key] != on
    if differs:
        st.session_state[key] = on
    st.toggle(
        viewer.say(key),
        value=on and not differs,
        key=key,
        disabled=not enabled,
        on_change=_switch,
        args=(viewer, name),
    )


def _switch(viewer: Viewer, name: str) -> None:
    on = bool(st.session_state[f"fault_{name}"])
    document = snapshot(PATH, operator=True).data or {}
    result = switch_fault(document, name, on=on)
    forget_recent()
    if result.ok:
        key = "fault_on" if on else "fault_off"
        notify(viewer.say(key, fault=viewer.say(f"fault_{name}")), "waiting" if on else "good")
    else:
        notify_failure(viewer, result)
