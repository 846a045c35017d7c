"""Sweep: find what was forgotten on its way, and delete what is past its time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

import structlog

from backend.adapters.factory import Factory, OrderFailed
from backend.domain.replenishment import Replenishment
from backend.domain.shop import Shop
from backend.domain.time_budget import UNLIMITED, TimeBudget
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
NOTE_SECONDS = 3
"""What a short transaction takes when the database is busy."""


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


def sweep(
    *,
    database: Database,
    factory: Factory,
    shop: Shop,
    clock: Clock,
    patience: Patience,
    budget: TimeBudget = UNLIMITED,
) -> Swept:
    """Publish again what was not ordered for too long, delete what is old, ask again for what is late.

    Several may run at once. Dead letters are left to the operator's redrive, and what there is no time for to the
    next sweep. A factory that hangs takes all the time there is: it is asked last.

    Raises:
        DatabaseUnavailable: what was done is kept; the next sweep does the rest.
    """
    published = _publish_again(
        database=database,
        shop=shop,
        clock=clock,
        before=clock() - patience.forgotten_after,
        budget=budget,
    )
    if budget.has(NOTE_SECONDS):
        _delete_old(database=database, now=clock())
    asked = _ask_again(
        database=database,
        factory=factory,
        shop=shop,
        clock=clock,
        before=clock() - patience.late_after,
        budget=budget,
    )
    return Swept(published_again=published, asked_again=asked)


def _in_time(them: Sequence[Replenishment], *, budget: TimeBudget, seconds: float) -> Iterator[Replenishment]:
    """Those of them that there is still time for, where each may take so many seconds."""
    return takewhile(lambda _: budget.has(seconds), them)


def _publish_again(*, database: Database, shop: Shop, clock: Clock, before: datetime, budget: TimeBudget) -> int:
    with database.snapshot() as transaction:
        forgotten = replenishments.list_forgotten(transaction, before=before, limit=AT_A_TIME)
    return sum(
        _announce_again(database=database, replenishment=one, shop=shop, clock=clock, before=before)
        for one in _in_time(forgotten, budget=budget, seconds=NOTE_SECONDS)
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


def _ask_again(
    *,
    database: Database,
    factory: Factory,
    shop: Shop,
    clock: Clock,
    before: datetime,
    budget: TimeBudget,
) -> int:
    with database.snapshot() as transaction:
        late = replenishments.list_late(transaction, before=before, limit=AT_A_TIME)
    return sum(
        _ask(database=database, factory=factory, replenishment=one, shop=shop, clock=clock, before=before)
        for one in _in_time(late, budget=budget, seconds=factory.longest_seconds + NOTE_SECONDS)
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
