"""The ledger of one product: every change of its stock, as a table and as CSV."""

from typing import Any

import streamlit as st

from dashboard.client import client
from dashboard.snapshots import slow_snapshot
from dashboard.viewer import Viewer

ROWS = 100
ROW_PIXELS = 35
SHOWN_ROWS = 10


def show_ledger(viewer: Viewer, product: dict[str, Any]) -> None:
    """Draw the latest lines, newest first; the download has all."""
    path = f"/api/products/{product['sku']}/movements"
    movements = slow_snapshot(path, limit=ROWS)
    rows = movements.data["movements"] if movements else []
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.subheader(viewer.say("ledger"), anchor=False, width="content")
            st.download_button(
                viewer.say("download_csv"),
                data=lambda: _csv(path),
                file_name=f"{product['sku']}.csv",
                mime="text/csv",
                key="ledger_csv",
                icon=":material/download:",
                on_click="ignore",
                disabled=not movements.live,
            )
        if not rows:
            st.caption(viewer.say("ledger_empty"))
            return
        st.dataframe(
            [_row(viewer, one) for one in rows],
            hide_index=True,
            key="ledger",
            height=ROW_PIXELS * (min(len(rows), SHOWN_ROWS) + 1) + 3,
            alt=viewer.say("ledger_of", name=viewer.name(product)),
            column_config={viewer.say("ledger_quantity"): st.column_config.NumberColumn(format="%+d")},
        )


def _csv(path: str) -> str:
    """All of it, for the download: asked for only when somebody clicks."""
    result = client().text(path, accept="text/csv")
    if not result.ok:
        raise RuntimeError("the backend did not give the ledger")
    # A spreadsheet takes UTF-8 for what it is only after this mark.
    return "\ufeff" + str(result.data)


def _row(viewer: Viewer, movement: dict[str, Any]) -> dict[str, Any]:
    return {
        viewer.say("ledger_time"): viewer.clock(movement["created_at"]),
        viewer.say("ledger_kind"): viewer.say(f"kind_{movement['kind']}"),
        viewer.say("ledger_quantity"): movement["quantity"],
        viewer.say("ledger_after"): movement["on_hand_after"],
        viewer.say("ledger_actor"): movement["actor"],
        viewer.say("ledger_reason"): movement["reason"] or "",
        viewer.say("ledger_reference"): movement["reference"] or "",
    }
