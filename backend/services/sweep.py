"""Sweep: find what was forgotten on its way, and delete what is past its time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from backend.adapters.factory import Factory, OrderFailed
from backend.domain.replenishment import Replenishment
from backend.domain.shop import Shop
from backend.services.clock import Clock
from backend.services.order import place
from backend.services.replenish import announce
from backend.store import operator_actions, outbox, purchases, queue_samples, replenishments
from backend.store.products import lock_product
from backend.store.unit_of_work import Database

log = structlog.get_logger(__name__)

AT_A_TIME = 100
DELETED_AT_A_TIME = 1000
OUTBOX_RETENTION = timedelta(days=7)
SAMPLE_RETENTION = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait before something counts as forgotten by the queue, or as late at the factory."""

    forgotten_after: timedelta
    late_after: timedelta


@dataclass(frozen=True, slots=True)
class Swept:
    """How many orders were published again, and for how many the factory was asked again."""

    published_again: int
    asked_again: int


def sweep(*, database: Database, factory: Factory, shop: Shop, clock: Clock, patience: Patience) -> Swept:
    """Publish again what was not ordered for too long, ask again for what is late, delete what is old.

    Several may run at once. Dead letters are left to the operator's redrive.

    Raises:
        DatabaseUnavailable: what was done is kept; the next sweep does the rest.
    """
    published = _publish_again(
        database=database, shop=shop, clock=clock, before=clock() - patience.forgotten_after
    )
    asked = _ask_again(
        database=database, factory=factory, shop=shop, clock=clock, before=clock() - patience.late_after
    )
    _delete_old(database=database, now=clock())
    return Swept(published_again=published, asked_again=asked)


def _publish_again(*, database: Database, shop: Shop, clock: Clock, before: datetime) -> int:
    with database.snapshot() as transaction:
        forgotten = replenishments.list_forgotten(transaction, before=before, limit=AT_A_TIME)
    return sum(
        _announce_again(database=database, replenishment=one, shop=shop, clock=clock, before=before)
        for one in forgotten
    )


def _announce_again(
    *, database: Database, replenishment: Replenishment, shop: Shop, clock: Clock, before: datetime
) -> bool:
    with database.unit_of_work() as transaction:
        lock_product(transaction, replenishment.sku)
        still = replenishments.list_forgotten(transaction, before=before, sku=replenishment.sku, limit=1)
        for one in still:
            announce(transaction, replenishment=one, shop=shop, now=clock())
            log.warning("published again", replenishment_id=one.id, correlation_id=one.correlation_id)
        transaction.commit()
    return bool(still)


def _ask_again(*, database: Database, factory: Factory, shop: Shop, clock: Clock, before: datetime) -> int:
    with database.snapshot() as transaction:
        late = replenishments.list_late(transaction, before=before, limit=AT_A_TIME)
    return sum(
        _ask(database=database, factory=factory, replenishment=one, shop=shop, clock=clock, before=before)
        for one in late
    )


def _ask(
    *,
    database: Database,
    factory: Factory,
    replenishment: Replenishment,
    shop: Shop,
    clock: Clock,
    before: datetime,
) -> bool:
    with database.unit_of_work() as transaction:
        claimed = replenishments.claim_late(transaction, replenishment.id, now=clock(), late_before=before)
        transaction.commit()
    if not claimed:
        return False
    try:
        place(factory=factory, replenishment=replenishment, shop=shop)
        said = "late; the factory was asked again"
    except OrderFailed as error:
        said = f"late; asked again, but {error}"
    with database.unit_of_work() as transaction:
        replenishments.mark_error(transaction, replenishment.id, error=said)
        transaction.commit()
    log.warning(said, replenishment_id=replenishment.id, correlation_id=replenishment.correlation_id)
    return True


def _delete_old(*, database: Database, now: datetime) -> None:
    with database.unit_of_work() as transaction:
        outbox.delete_published(transaction, before=now - OUTBOX_RETENTION, limit=DELETED_AT_A_TIME)
        queue_samples.delete_samples(transaction, before=now - SAMPLE_RETENTION)
        purchases.forget_idempotency_keys(transaction, now=now, limit=DELETED_AT_A_TIME)
        operator_actions.forget_action_keys(transaction, now=now)
        transaction.commit()
