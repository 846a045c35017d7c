"""Orders that failed for good: why, after how many attempts, what the message was, and Redrive."""

from typing import Any

import streamlit as st

from dashboard import settings
from dashboard.formats import plain
from dashboard.parts.dialogs import want_dialog
from dashboard.snapshots import snapshot
from dashboard.viewer import Viewer

SHOWN = 20


def show_dead_letters(viewer: Viewer, names: dict[str, str], *, counted: int | None, enabled: bool) -> None:
    """Draw the list; without ``enabled`` nothing can be sent again.

    ``counted`` is how many messages SQS says there are, None where it was not reached. The list is the database's:
    it does not know of a message whose order was closed meanwhile, or that is no order of ours.
    """
    letters = snapshot("/api/queues/dead-letters")
    found = letters.data["dead_letters"] if letters else []
    unexplained = max(0, (counted or 0) - len(found)) if letters else 0
    may_act = enabled and bool(settings.load().bearer_token())
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.subheader(viewer.say("dead_letters"), anchor=False, width="content")
            if len(found) > 1 or unexplained:
                label, icon = viewer.say("redrive_all"), ":material/replay:"
                if st.button(label, key="redrive_all", icon=icon, disabled=not may_act):
                    want_dialog("redrive_all", len(found) + unexplained)
        if letters and not found and not unexplained:
            st.caption(viewer.say("no_dead_letters"))
        for letter in found[:SHOWN]:
            _show_letter(viewer, letter, names, enabled=may_act)
        if len(found) > SHOWN:
            st.caption(viewer.say("more_dead_letters", count=f"{len(found) - SHOWN:,}"))
        if unexplained:
            _explain_the_others(viewer, unexplained)


def _explain_the_others(viewer: Viewer, count: int) -> None:
    st.markdown(f":orange[:material/help:] {viewer.say('unexplained', count=f'{count:,}')}")
    st.caption(" ".join(viewer.say(key) for key in ("unexplained_redrive", "unexplained_stays", "counted_late")))


def _show_letter(viewer: Viewer, letter: dict[str, Any], names: dict[str, str], *, enabled: bool) -> None:
    order = letter["replenishment"]
    name = plain(names.get(order["sku"], order["sku"]))
    line = viewer.say("dead_letter_line", name=name, count=f"{order['quantity']:,}")
    at = order["dead_lettered_at"] or order["requested_at"]
    age = viewer.ago(at)
    tried = viewer.say("attempts", count=letter["attempts"])
    cause = plain(letter["cause"] or viewer.say("unknown"))
    text, buttons = st.columns([1.35, 1], vertical_alignment="center", gap="xsmall")
    text.markdown(
        f"**{plain(order['number'])}** {line}  \n:red[:small[{cause}]]  \n:gray[:small[{tried} · {age}]]"
    )
    with buttons.container(horizontal=True, horizontal_alignment="right", gap="xsmall"):
        with st.popover(viewer.say("payload"), key=f"payload_{order['id']}", icon=":material/mail:"):
            if letter["payload"]:
                st.json(letter["payload"])
            else:
                st.caption(viewer.say("no_payload"))
        clicked = st.button(
            viewer.say("redrive"),
            key=f"redrive_{order['id']}",
            icon=":material/replay:",
            help=viewer.say("redrive_of", number=plain(order["number"])),
            disabled=not enabled,
        )
        if clicked:
            want_dialog("redrive", order)
