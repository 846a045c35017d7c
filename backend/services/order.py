"""Order: what a message of the queue asks for, placed with the factory. Worker and Lambda both call this."""

from dataclasses import dataclass

import structlog

from backend.adapters.factory import Factory, OrderFailed
from backend.domain import original_wire, signature
from backend.domain.backoff import MAX_RECEIVES, wait_seconds
from backend.domain.original_wire import MalformedMessage
from backend.domain.replenishment import NOT_YET_ORDERED, Replenishment
from backend.domain.shop import Shop
from backend.services.clock import Clock
from backend.store import replenishments
from backend.store.unit_of_work import Database, attempts

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Handled:
    """The message is done with: delete it."""


@dataclass(frozen=True, slots=True)
class TryAgain:
    """The message stays on the queue; others may see it after ``seconds``."""

    seconds: int


def order_from_message(
    *,
    database: Database,
    factory: Factory,
    shop: Shop,
    clock: Clock,
    body: str,
    receive_count: int,
    draw: float,
) -> Handled | TryAgain:
    """Place the order that a message of ``stock-queue`` asks for, unless it is placed or closed already.

    Args:
        body: the SNS envelope, JSON.
        receive_count: how often the message was received, this time included.
        draw: a random number in [0, 1) that spreads the retries.

    Raises:
        DatabaseUnavailable: it cannot be told; the message must stay on the queue.
    """
    try:
        replenishment = _find(database=database, body=body)
    except MalformedMessage as error:
        log.warning("message refused", error=str(error), receive_count=receive_count)
        return _try_again(receive_count=receive_count, draw=draw)
    if replenishment is None or replenishment.status not in NOT_YET_ORDERED:
        return Handled()
    with structlog.contextvars.bound_contextvars(correlation_id=replenishment.correlation_id):
        try:
            place(factory=factory, replenishment=replenishment, shop=shop)
        except OrderFailed as error:
            _note_failure(
                database=database,
                replenishment=replenishment,
                error=str(error),
                receive_count=receive_count,
                clock=clock,
            )
            return _try_again(receive_count=receive_count, draw=draw)
        for attempt in attempts(uncertain_too=True):
            with attempt, database.unit_of_work() as transaction:
                replenishments.mark_ordered(transaction, replenishment.id, now=clock())
                transaction.commit()
        log.info("ordered", replenishment_id=replenishment.id, sku=replenishment.sku)
    return Handled()


def place(*, factory: Factory, replenishment: Replenishment, shop: Shop) -> None:
    """Send the order, with the address that only its receiver can know; a repeat is not produced twice.

    Raises:
        OrderFailed: the factory did not take it.
    """
    signed = signature.sign(replenishment_id=replenishment.id, secrets=shop.callback_secrets)
    order = original_wire.factory_order(
        sku=replenishment.sku,
        quantity=replenishment.quantity,
        factory_id=replenishment.factory_id,
        requester=shop.requester,
        requester_tel=shop.requester_tel,
        callback_url=f"{shop.public_url}/callbacks/replenishments/{replenishment.id}?signature={signed}",
    )
    factory.order(order, idempotency_key=replenishment.id, correlation_id=replenishment.correlation_id)


def _find(*, database: Database, body: str) -> Replenishment | None:
    said = original_wire.read_stock_empty(body)
    for attempt in attempts():
        with attempt, database.snapshot() as transaction:
            if said.replenishment_id is None:
                return replenishments.get_open_replenishment(transaction, said.sku)
            found = replenishments.get_replenishment(transaction, said.replenishment_id)
    if found is None or found.sku != said.sku:
        raise MalformedMessage(f"there is no replenishment {said.replenishment_id!r} of {said.sku!r}")
    return found


def _note_failure(
    *, database: Database, replenishment: Replenishment, error: str, receive_count: int, clock: Clock
) -> None:
    given_up = receive_count >= MAX_RECEIVES
    for attempt in attempts():
        with attempt, database.unit_of_work() as transaction:
            replenishments.mark_failed(
                transaction,
                replenishment.id,
                error=error,
                dead_lettered_at=clock() if given_up else None,
            )
            transaction.commit()
    log.warning(
        "order failed",
        replenishment_id=replenishment.id,
        error=error,
        receive_count=receive_count,
        dead_lettered=given_up,
    )


def _try_again(*, receive_count: int, draw: float) -> TryAgain:
    """After the last time at once: SQS moves a message to the dead letters on the receive after that."""
    if receive_count >= MAX_RECEIVES:
        return TryAgain(seconds=0)
    return TryAgain(seconds=wait_seconds(failures=receive_count, draw=draw))
