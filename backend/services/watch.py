"""Watch: find what is wrong with the shop, and write down when it begins and when it is over.

Never on a customer's time, and never locking what a customer needs: what is wrong is read as of one moment, and
only the alerts themselves are locked and written.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

import structlog

from backend.domain.alert import AlertKind, AlertPace, Condition, Crossings, find_crossings
from backend.domain.replenishment import Replenishment, printed_number
from backend.services.clock import Clock
from backend.services.sweep import Patience
from backend.store import alerts, movements, products, replenishments
from backend.store.alert_checks import Check, claim_check, is_due, lock_check
from backend.store.unit_of_work import Database, Transaction, UniqueViolation

log = structlog.get_logger(__name__)

ALERT_RETENTION = timedelta(days=30)
DELETED_AT_A_TIME = 1000
OF_THE_SHOP = (AlertKind.OUT_OF_STOCK, AlertKind.DEAD_LETTER, AlertKind.OVERDUE)


def watch(*, database: Database, clock: Clock, pace: AlertPace, patience: Patience) -> None:
    """Write what has begun and what is over. Several may watch at once: each crossing is written once.

    Raises:
        DatabaseUnavailable: what is not written is found by the next.
    """
    try:
        _watch_shop(database=database, clock=clock, pace=pace, patience=patience)
        _watch_ledger(database=database, clock=clock, pace=pace)
    except UniqueViolation:  # two made the first row of a check at once: the other is at it
        log.info("another worker watches")


def _watch_shop(*, database: Database, clock: Clock, pace: AlertPace, patience: Patience) -> None:
    with database.snapshot() as transaction:
        if not _compare_shop(transaction, late_before=clock() - patience.late_after):
            return
    with database.unit_of_work() as transaction:
        lock_check(transaction, Check.ALERT)
        crossings = _compare_shop(transaction, late_before=clock() - patience.late_after)
        _write(transaction, crossings, now=clock(), pace=pace)
        transaction.commit()
    _log(crossings)


def _compare_shop(transaction: Transaction, *, late_before: datetime) -> Crossings:
    conditions = [
        *(_is_out_of_stock(sku) for sku in products.list_out_of_stock(transaction)),
        *(_is_dead(one) for one in replenishments.list_dead_lettered(transaction)),
        *(_is_overdue(one) for one in replenishments.list_overdue(transaction, before=late_before)),
    ]
    return _compare(transaction, conditions, kinds=OF_THE_SHOP)


def _watch_ledger(*, database: Database, clock: Clock, pace: AlertPace) -> None:
    """It reads every line: seldom, by one worker of all, and with nothing locked."""
    with database.snapshot() as transaction:
        if not is_due(transaction, Check.DRIFT, now=clock(), every=pace.drift_every):
            return
    with database.unit_of_work() as transaction:
        claimed = claim_check(transaction, Check.DRIFT, now=clock(), every=pace.drift_every)
        transaction.commit()
    if not claimed:
        return
    with database.snapshot() as transaction:
        drifted = [_has_drifted(one) for one in movements.list_drift(transaction)]
    with database.unit_of_work() as transaction:
        lock_check(transaction, Check.ALERT)
        crossings = _compare(transaction, drifted, kinds=[AlertKind.DRIFT])
        _write(transaction, crossings, now=clock(), pace=pace)
        transaction.commit()
    _log(crossings)


def _compare(
    transaction: Transaction, conditions: Collection[Condition], *, kinds: Collection[AlertKind]
) -> Crossings:
    active = alerts.list_active_alerts(transaction, kinds)
    return find_crossings(conditions=conditions, active=active)


def _write(transaction: Transaction, crossings: Crossings, *, now: datetime, pace: AlertPace) -> None:
    alerts.raise_alerts(transaction, crossings.raised, now=now, quiet=pace.quiet)
    alerts.clear_alerts(transaction, crossings.cleared, now=now, quiet=pace.quiet)
    alerts.delete_cleared_alerts(transaction, before=now - ALERT_RETENTION, limit=DELETED_AT_A_TIME)


def _log(crossings: Crossings) -> None:
    for begun in crossings.raised:
        log.warning("alert raised", kind=begun.kind.value, subject=begun.subject, detail=begun.detail)
    for over in crossings.cleared:
        log.info("alert cleared", kind=over.kind.value, subject=over.subject)


def _is_out_of_stock(sku: str) -> Condition:
    return Condition(kind=AlertKind.OUT_OF_STOCK, subject=sku, sku=sku, detail="on_hand 0")


def _is_dead(order: Replenishment) -> Condition:
    detail = f"{printed_number(order.number)}: {order.last_error or 'no reason noted'}"
    return Condition(kind=AlertKind.DEAD_LETTER, subject=order.id, sku=order.sku, detail=detail)


def _is_overdue(order: Replenishment) -> Condition:
    since = order.ordered_at or order.requested_at
    said = "ordered" if order.ordered_at else "requested, not ordered yet,"
    detail = f"{printed_number(order.number)}: {said} {since:%Y-%m-%d %H:%M:%S} UTC"
    return Condition(kind=AlertKind.OVERDUE, subject=order.id, sku=order.sku, detail=detail)


def _has_drifted(drift: movements.Drift) -> Condition:
    detail = f"on_hand {drift.on_hand}, ledger {drift.ledger}"
    return Condition(kind=AlertKind.DRIFT, subject=drift.sku, sku=drift.sku, detail=detail)
