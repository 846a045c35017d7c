"""Dialogs: asked for in a page's live part, opened by the page itself, so that no tick closes them.

Which one is open is remembered until it is answered or dismissed.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from dashboard import actions
from dashboard.formats import plain
from dashboard.snapshots import snapshot
from dashboard.viewer import Viewer

CANCEL = ("cancel_of", "cancel_warning", "cancel")
GIVE_UP = ("give_up_of", "give_up_warning", "give_up")


def want_dialog(name: str, subject: Any = None) -> None:
    """Draw the page anew with this dialog open. Does not return."""
    st.session_state["dialog"] = (name, subject)
    st.rerun()


def show_wanted_dialog(viewer: Viewer) -> None:
    """Open the dialog that was asked for, if any. Pages call it outside of their live parts."""
    wanted = st.session_state.get("dialog")
    if wanted:
        DIALOGS[wanted[0]](viewer, wanted[1])


def keep_dialog_current(*, live: bool) -> None:
    """Draw an open dialog anew when the backend went or came back since; live parts call it with each tick.

    A dialog is drawn only with its page, and what stands open would go on offering what cannot be done.
    """
    if "dialog" in st.session_state and st.session_state.get("dialog_is_live") != live:
        st.rerun()


def _close() -> None:
    st.session_state.pop("dialog", None)


def _close_and_draw_anew() -> None:
    _close()
    st.rerun()


def _edit_policy(viewer: Viewer, product: dict[str, Any]) -> None:
    sku, name = product["sku"], viewer.name(product)

    @st.dialog(viewer.say("edit_policy_of", name=plain(name)), on_dismiss=_close)
    def dialog() -> None:
        point = product["reorder_point"]
        automatic = st.toggle(
            viewer.say("policy_automatic"), value=point is not None, help=viewer.say("policy_help")
        )
        new_point = st.number_input(
            viewer.say("reorder_point"),
            min_value=0,
            value=product["lot_size"] if point is None else point,
            key="policy_point",
            disabled=not automatic,
        )
        lot_size = st.number_input(
            viewer.say("lot_size"), min_value=1, value=product["lot_size"], key="policy_lot"
        )
        if _decided(viewer, "save"):
            actions.change_policy(viewer, sku, name, int(new_point) if automatic else None, int(lot_size))
            _close_and_draw_anew()

    dialog()


def _adjust(viewer: Viewer, product: dict[str, Any]) -> None:
    sku, name = product["sku"], viewer.name(product)

    @st.dialog(viewer.say("adjust_of", name=plain(name)), on_dismiss=_close)
    def dialog() -> None:
        st.caption(viewer.say("adjust_warning"))
        quantity = int(st.number_input(viewer.say("adjust_quantity"), value=0, step=1, key="adjust_quantity"))
        reason = st.text_input(
            viewer.say("adjust_reason"),
            max_chars=200,
            placeholder=viewer.say("adjust_reason_example"),
            key="adjust_reason",
        )
        after = _on_hand_now(product) + quantity
        st.caption(viewer.say("adjust_result", count=f"{after:,}"))
        possible = quantity != 0 and after >= 0 and bool(reason.strip())
        if _decided(viewer, "adjust_confirm", possible=possible):
            actions.adjust(viewer, sku, name, quantity, reason.strip())
            _close_and_draw_anew()

    dialog()


def _on_hand_now(product: dict[str, Any]) -> int:
    """What is on the shelf by now: customers do not wait for a dialog."""
    overview = snapshot("/api/overview", minutes=60)
    products = overview.data["products"] if overview else []
    return int(next((one for one in products if one["sku"] == product["sku"]), product)["on_hand"])


def _cancel(viewer: Viewer, replenishment: dict[str, Any], *, although_ordered: bool = False) -> None:
    title, warning, deed = GIVE_UP if although_ordered else CANCEL

    @st.dialog(viewer.say(title, number=plain(replenishment["number"])), on_dismiss=_close)
    def dialog() -> None:
        st.write(viewer.say(warning))
        if _decided(viewer, deed):
            actions.cancel(viewer, replenishment["id"], replenishment["number"], although_ordered=although_ordered)
            _close_and_draw_anew()

    dialog()


def _redrive(viewer: Viewer, replenishment: dict[str, Any]) -> None:
    title = viewer.say("redrive_of", number=plain(replenishment["number"]))
    _ask_to_redrive(viewer, title, count=1, ids=[replenishment["id"]])


def _redrive_all(viewer: Viewer, count: int) -> None:
    _ask_to_redrive(viewer, viewer.say("redrive_all"), count=count, ids=None)


def _ask_to_redrive(viewer: Viewer, title: str, *, count: int, ids: list[str] | None) -> None:
    @st.dialog(title, on_dismiss=_close)
    def dialog() -> None:
        st.write(viewer.say("redrive_warning", count=f"{count:,}"))
        if _decided(viewer, "redrive_confirm"):
            actions.redrive(viewer, ids)
            _close_and_draw_anew()

    dialog()


def _decided(viewer: Viewer, confirm: str, *, possible: bool = True) -> bool:
    """Whether the person confirmed, which nobody can while the backend is gone. The other button closes it."""
    live = st.session_state["dialog_is_live"] = snapshot("/api/overview", minutes=60).live
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button(viewer.say("keep"), key="dialog_keep"):
            _close_and_draw_anew()
        return st.button(
            viewer.say(confirm), key="dialog_confirm", type="primary", disabled=not (possible and live)
        )


DIALOGS: dict[str, Callable[[Viewer, Any], None]] = {
    "edit_policy": _edit_policy,
    "adjust": _adjust,
    "cancel": _cancel,
    "give_up": partial(_cancel, although_ordered=True),
    "redrive": _redrive,
    "redrive_all": _redrive_all,
}
