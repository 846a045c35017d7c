"""Selling from a shelf: who gets a unit, who does not, and what is ordered because of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from backend.domain.reorder import ReorderDecision, ReorderPolicy, decide_reorder


class Outcome(StrEnum):
    """What became of a purchase."""

    SOLD = "sold"
    OUT_OF_STOCK = "out_of_stock"


@dataclass(frozen=True, slots=True)
class PurchaseRequest:
    """One customer's wish for ``quantity`` units of a product.

    ``id`` is made by us before anything is written, so that a lost answer can be looked up. ``subject`` and
    ``message`` are the customer's words for the factory, should the shelf be empty.
    """

    id: str
    sku: str
    quantity: int
    factory_id: str | None = None
    idempotency_key: str | None = None
    request_hash: str | None = None
    subject: str | None = None
    message: str | None = None


@dataclass(slots=True)
class Shelf:
    """A product's stock while a list of purchases is decided. Quantities are units."""

    on_hand: int
    on_order: int
    policy: ReorderPolicy


@dataclass(frozen=True, slots=True)
class Decision:
    """What one purchase gets, what is left on the shelf, and the order that it makes, if any."""

    request: PurchaseRequest
    outcome: Outcome
    on_hand_after: int
    reorder: ReorderDecision | None


def decide_sales(*, requests: Sequence[PurchaseRequest], shelves: Mapping[str, Shelf]) -> list[Decision]:
    """One decision for each request, in order of arrival; the shelves are left as they will be."""
    return [_decide(request=request, shelf=shelves[request.sku]) for request in requests]


def _decide(*, request: PurchaseRequest, shelf: Shelf) -> Decision:
    lacked = max(0, request.quantity - shelf.on_hand)
    if not lacked:
        shelf.on_hand -= request.quantity
    reorder = decide_reorder(policy=shelf.policy, on_hand=shelf.on_hand, on_order=shelf.on_order, lacked=lacked)
    if reorder:
        shelf.on_order += reorder.quantity
    outcome = Outcome.OUT_OF_STOCK if lacked else Outcome.SOLD
    return Decision(request=request, outcome=outcome, on_hand_after=shelf.on_hand, reorder=reorder)
