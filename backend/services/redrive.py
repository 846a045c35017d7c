"""Redrive: put dead letters back on the queue, all or some.

Messages are moved one by one rather than by SQS's own move task, which moves all or nothing and does not know
which replenishment a message is for. The database knows what is dead-lettered; a message that the broker has
lost is published anew.
"""

from collections.abc import Collection
from itertools import takewhile

import structlog

from backend.adapters.sqs import Queue, Record
from backend.domain import original_wire
from backend.domain.original_wire import MalformedMessage
from backend.domain.replenishment import Replenishment
from backend.domain.shop import Shop
from backend.domain.time_budget import UNLIMITED, TimeBudget
from backend.services.clock import Clock
from backend.services.operator_record import Operator, record
from backend.services.replenish import announce
from backend.store import replenishments
from backend.store.products import lock_product
from backend.store.unit_of_work import Database

log = structlog.get_logger(__name__)

MOVE_SECONDS = 2
"""What one letter takes when queue and database are busy."""


def redrive(
    *,
    database: Database,
    queue: Queue,
    dead_letter_queue: Queue,
    shop: Shop,
    clock: Clock,
    operator: Operator,
    only: Collection[str] | None = None,
    budget: TimeBudget = UNLIMITED,
) -> int:
    """Put dead letters back on the queue; how many went. What there is no time for is still a dead letter.

    Args:
        only: ids of replenishments; None: every dead letter, also those that belong to none.

    Raises:
        QueueUnavailable, DatabaseUnavailable: what has not moved is still a dead letter, or is swept up.
    """
    moved = _move(
        database=database,
        queue=queue,
        dead_letter_queue=dead_letter_queue,
        clock=clock,
        only=only,
        budget=budget,
    )
    with database.snapshot() as transaction:
        left = replenishments.list_dead_lettered(transaction)
    lost = (one for one in left if only is None or one.id in only)
    anew = sum(
        _publish_anew(database=database, replenishment=one, shop=shop, clock=clock)
        for one in takewhile(lambda _: budget.has(MOVE_SECONDS), lost)
    )
    with database.unit_of_work() as transaction:
        record(
            transaction,
            operator=operator,
            action="redrive",
            subject=None,
            detail={"only": sorted(only) if only is not None else None, "redriven": moved + anew},
            shop=shop,
            now=clock(),
        )
        transaction.commit()
    log.info("redriven", moved=moved, published_anew=anew, actor=operator.actor)
    return moved + anew


def _move(
    *,
    database: Database,
    queue: Queue,
    dead_letter_queue: Queue,
    clock: Clock,
    only: Collection[str] | None,
    budget: TimeBudget,
) -> int:
    moved = 0
    kept: list[Record] = []
    most = dead_letter_queue.depth().visible  # what arrives meanwhile is left for the next time
    while moved + len(kept) < most and budget.has(MOVE_SECONDS):
        if not (records := dead_letter_queue.receive(wait_seconds=1)):
            break
        for letter in records:
            replenishment = _find(database=database, letter=letter)
            unwanted = only is not None and (replenishment is None or replenishment.id not in only)
            if unwanted or not budget.has(MOVE_SECONDS):
                kept.append(letter)
                continue
            if replenishment is not None:
                _note(database=database, replenishment=replenishment, clock=clock)
            queue.send(letter.body)
            dead_letter_queue.delete(letter)
            moved += 1
    for letter in kept:
        dead_letter_queue.show_again_in(letter, seconds=0)
    return moved


def _find(*, database: Database, letter: Record) -> Replenishment | None:
    try:
        said = original_wire.read_stock_empty(letter.body)
    except MalformedMessage:
        return None
    with database.snapshot() as transaction:
        if said.replenishment_id is None:
            return replenishments.get_open_replenishment(transaction, said.sku)
        return replenishments.get_replenishment(transaction, said.replenishment_id)


def _note(*, database: Database, replenishment: Replenishment, clock: Clock) -> None:
    """Noted before it moves: were we stopped between the two, the sweep would find it."""
    with database.unit_of_work() as transaction:
        replenishments.mark_redriven(transaction, replenishment.id, now=clock())
        transaction.commit()


def _publish_anew(*, database: Database, replenishment: Replenishment, shop: Shop, clock: Clock) -> bool:
    with database.unit_of_work() as transaction:
        lock_product(transaction, replenishment.sku)
        still_dead = replenishments.mark_redriven(transaction, replenishment.id, now=clock())
        if still_dead:
            announce(transaction, replenishment=replenishment, shop=shop, now=clock())
        transaction.commit()
    return still_dead
