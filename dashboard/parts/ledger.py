"""The ledger of one product: every change of its stock, as a table and as CSV."""

from typing import Any

import streamlit as st

from dashboard.door.ledger_file import ledger_address
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
            # Not a download button: its file is another after each rerun, and a click beside one gets nothing.
            st.link_button(
                viewer.say("download_csv"),
                ledger_address(product["sku"], language=viewer.language),
                icon=":material/download:",
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
