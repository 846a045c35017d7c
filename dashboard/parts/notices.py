"""What came of a click, as a toast: queued where the click is handled, shown where the page is drawn."""

from typing import Literal

import streamlit as st

from dashboard.client import Result
from dashboard.formats import plain
from dashboard.viewer import Viewer

ICONS = {"good": ":material/check_circle:", "bad": ":material/error:", "waiting": ":material/local_shipping:"}
Mood = Literal["good", "bad", "waiting"]


def notify(text: str, mood: Mood = "good") -> None:
    """Show this text with the next drawing."""
    st.session_state.setdefault("notices", []).append((text, mood))


def notify_failure(viewer: Viewer, result: Result) -> None:
    """Say what came of a call that did not go well."""
    if result.error == "unreachable":
        notify(viewer.say("not_sent"), "bad")
    elif result.error == "unanswered":
        notify(viewer.say("no_answer"), "bad")
    else:
        notify(viewer.say("refused", reason=plain(result.reason)), "bad")


def show_notices() -> None:
    """Show what was queued, once."""
    for text, mood in st.session_state.pop("notices", []):
        st.toast(text, icon=ICONS[mood], duration="long" if mood == "bad" else "short")
