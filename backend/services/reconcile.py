"""Reconcile: prove that every shelf is the sum of its ledger, and mend the ledger where it is not."""

import structlog

from backend.domain.movement import Kind
from backend.services.clock import Clock
from backend.store.alert_checks import Check, make_due
from backend.store.movements import Drift, NewMovement, add_movements, list_drift, sum_movements
from backend.store.products import lock_product
from backend.store.unit_of_work import Database, attempts

log = structlog.get_logger(__name__)

REASON = "reconcile: the ledger did not add up to the shelf"


def find_drift(*, database: Database) -> list[Drift]:
    """Every product whose shelf is not what its ledger says.

    Raises:
        DatabaseUnavailable: the database was not reached.
    """
    for attempt in attempts():
        with attempt, database.snapshot() as transaction:
            found = list_drift(transaction)
    return found


def repair_drift(*, database: Database, actor: str, clock: Clock) -> list[Drift]:
    """Add to each such ledger the adjustment that makes it add up; what was repaired.

    The shelf is left as it is: customers were sold from it. Nothing is ever rewritten.

    Raises:
        DatabaseUnavailable: what was repaired is kept.
    """
    repaired = [
        drift
        for found in find_drift(database=database)
        if (drift := _repair(database=database, sku=found.sku, actor=actor, clock=clock))
    ]
    for drift in repaired:
        log.warning("drift repaired", sku=drift.sku, on_hand=drift.on_hand, ledger=drift.ledger, actor=actor)
    return repaired


def _repair(*, database: Database, sku: str, actor: str, clock: Clock) -> Drift | None:
    """What was repaired; None where another has."""
    for attempt in attempts():
        with attempt, database.unit_of_work() as transaction:
            product = lock_product(transaction, sku)
            ledger = sum_movements(transaction, sku)
            if product is None or product.on_hand == ledger:
                return None
            adjustment = NewMovement(
                sku=sku,
                quantity=product.on_hand - ledger,
                on_hand_after=product.on_hand,
                kind=Kind.ADJUSTMENT,
                reference=None,
                actor=actor,
                reason=REASON,
            )
            add_movements(transaction, [adjustment], now=clock())
            make_due(transaction, Check.DRIFT)  # that it is over is told soon
            transaction.commit()
            drift = Drift(sku=sku, on_hand=product.on_hand, ledger=ledger)
    return drift
