"""The verdict: whether what everybody was told is what the books say, and nothing else."""

from collections import Counter
from collections.abc import Sequence

from tests.chaos.buyers import Bought
from tests.integration.books import Books

CLOSED = ("received", "cancelled")
SHOWN = 10


def judge(books: Books, *, bought: Sequence[Bought], never_answered: Sequence[str]) -> list[str]:
    """Whatever does not hold, a line for each, with the ids that it is about; empty when all is well."""
    return [
        *shorten(books.faults()),
        *shorten(_purchase_faults(books, bought)),
        *shorten([f"{key} was never answered" for key in never_answered]),
        *shorten(_replenishment_faults(books)),
        *shorten(_shelf_faults(books)),
    ]


def _purchase_faults(books: Books, bought: Sequence[Bought]) -> list[str]:
    """Every answered purchase is in the books once, as it was told; and nobody else's is."""
    by_key = {row["idempotency_key"]: row for row in books["purchase"]}
    written = Counter(row["idempotency_key"] for row in books["purchase"])
    faults = [f"{key} is in the books {times} times" for key, times in written.items() if times != 1]
    for one in bought:
        row = by_key.pop(one.key, None)
        if row is None:
            faults.append(f"{one.key} was told {one.outcome!r}, and is not in the books")
            continue
        told = (one.sku, one.quantity, one.outcome, one.purchase_id or row["id"])
        found = (row["sku"], row["quantity"], row["outcome"], row["id"])
        if told != found:
            faults.append(f"{one.key} was told {told}, the books say {found}")
    return faults + [
        f"purchase {row['id']} ({key}) is in the books, and nobody was told" for key, row in by_key.items()
    ]


def _replenishment_faults(books: Books) -> list[str]:
    """Every order is received in full, or cancelled: with nothing received, unless somebody gave up the rest."""
    given_up = {row["subject"] for row in books["operator_action"] if "although_ordered" in str(row["detail"])}
    faults = []
    for row in books["replenishment"]:
        name = f"order {row['number']} ({row['id']})"
        if row["status"] not in CLOSED:
            faults.append(f"{name} is {row['status']}: {row['last_error']}")
        elif row["status"] == "received" and row["received_quantity"] != row["quantity"]:
            faults.append(f"{name}: {row['received_quantity']} of {row['quantity']} were received")
        elif row["status"] == "cancelled" and row["received_quantity"] and row["id"] not in given_up:
            faults.append(f"{name} is cancelled, and {row['received_quantity']} were received")
    return faults


def _shelf_faults(books: Books) -> list[str]:
    """No product is short without an order: all orders are closed now, so none may be short."""
    return [
        f"{row['sku']}: {row['on_hand']} on hand, reorder point {row['reorder_point']}, and nothing is ordered"
        for row in books["product"]
        if row["reorder_point"] is not None
        and row["on_hand"] <= row["reorder_point"]
        and not books.open_orders(row["sku"])
    ]


def shorten(faults: Sequence[str]) -> list[str]:
    """The first of many, and how many more there are."""
    more = len(faults) - SHOWN
    return [*faults[:SHOWN], *([f"... and {more} more like these"] if more > 0 else [])]
