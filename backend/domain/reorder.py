"""When to order, and how much: the reorder rule (docs/architecture.md)."""

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """Why a replenishment was made."""

    REFUSED_PURCHASE = "refused_purchase"
    REORDER_POINT = "reorder_point"
    RESTOCK = "restock"


@dataclass(frozen=True, slots=True)
class ReorderPolicy:
    """How a product is replenished: ``reorder_point`` None means only when a purchase was refused."""

    reorder_point: int | None
    lot_size: int


@dataclass(frozen=True, slots=True)
class ReorderDecision:
    """An order to make, and the numbers that made it. Quantities are units."""

    quantity: int
    cause: Cause
    shortage: int
    on_hand: int
    reorder_point: int | None
    lot_size: int


def decide_reorder(
    *, policy: ReorderPolicy, on_hand: int, on_order: int, lacked: int = 0
) -> ReorderDecision | None:
    """The order that the stock calls for now, or None.

    Args:
        policy: the product's reorder point and lot size.
        on_hand: units on the shelf.
        on_order: units ordered and not yet received; an order under way is never doubled.
        lacked: units that a refused purchase asked for beyond ``on_hand``; 0 where none was refused.
    """
    if on_order > 0:
        return None
    below = _below_reorder_point(policy=policy, position=on_hand + on_order)
    shortage = max(lacked, below)
    if shortage <= 0:
        return None
    cause = Cause.REFUSED_PURCHASE if lacked > 0 else Cause.REORDER_POINT
    return _order(policy=policy, cause=cause, shortage=shortage, on_hand=on_hand)


def may_run_short(*, policy: ReorderPolicy, on_hand: int) -> bool:
    """Whether a shelf that falls to ``on_hand`` units can call for an order (negative: a purchase lacks)."""
    return on_hand < 0 or _below_reorder_point(policy=policy, position=on_hand) > 0


def decide_restock(*, policy: ReorderPolicy, on_hand: int, quantity: int | None) -> ReorderDecision:
    """The order that an operator asks for: ``quantity`` units, or one lot, in whole lots."""
    shortage = quantity if quantity is not None else policy.lot_size
    return _order(policy=policy, cause=Cause.RESTOCK, shortage=shortage, on_hand=on_hand)


def _below_reorder_point(*, policy: ReorderPolicy, position: int) -> int:
    if policy.reorder_point is None or position > policy.reorder_point:
        return 0
    return policy.reorder_point + 1 - position


def _order(*, policy: ReorderPolicy, cause: Cause, shortage: int, on_hand: int) -> ReorderDecision:
    lots = -(-shortage // policy.lot_size)
    return ReorderDecision(
        quantity=lots * policy.lot_size,
        cause=cause,
        shortage=shortage,
        on_hand=on_hand,
        reorder_point=policy.reorder_point,
        lot_size=policy.lot_size,
    )
