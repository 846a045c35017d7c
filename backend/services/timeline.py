"""Timeline: a replenishment from the purchase that called for it to the delivery."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backend.domain.replenishment import Replenishment
from backend.services.receive import UnknownReplenishment
from backend.store.deliveries import Delivery, DeliveryOutcome, list_deliveries
from backend.store.replenishments import get_replenishment
from backend.store.unit_of_work import Database, attempts


class Event(StrEnum):
    """A step on the way."""

    REQUESTED = "requested"
    PUBLISHED = "published"
    ORDERED = "ordered"
    ASKED_AGAIN = "asked_again"
    DEAD_LETTERED = "dead_lettered"
    DELIVERED = "delivered"
    DELIVERY_REFUSED = "delivery_refused"
    RECEIVED = "received"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Step:
    """What happened when, and how many seconds after the step before."""

    at: datetime
    event: Event
    detail: str | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Story:
    """A replenishment with its deliveries and its steps, in order of time."""

    replenishment: Replenishment
    deliveries: list[Delivery]
    steps: list[Step]


def get_story(*, database: Database, replenishment_id: str) -> Story:
    """One replenishment and how it went.

    Raises:
        UnknownReplenishment: there is none of this id.
        DatabaseUnavailable: the database was not reached.
    """
    for attempt in attempts():
        with attempt, database.snapshot() as transaction:
            found = get_replenishment(transaction, replenishment_id)
            deliveries = list_deliveries(transaction, replenishment_id)
    if found is None:
        raise UnknownReplenishment(replenishment_id)
    return Story(replenishment=found, deliveries=deliveries, steps=_tell(found, deliveries))


def _tell(order: Replenishment, deliveries: list[Delivery]) -> list[Step]:
    failed = f"{order.attempts} failed attempts" if order.attempts else None
    dated: list[tuple[datetime | None, Event, str | None]] = [
        (order.requested_at, Event.REQUESTED, order.cause),
        (order.published_at, Event.PUBLISHED, None),
        (order.ordered_at, Event.ORDERED, failed),
        (order.asked_at, Event.ASKED_AGAIN, order.last_error),
        (order.dead_lettered_at, Event.DEAD_LETTERED, order.last_error),
        *((one.created_at, _event_of(one), f"{one.quantity} units") for one in deliveries),
        (order.received_at, Event.RECEIVED, None),
        (order.cancelled_at, Event.CANCELLED, None),
    ]
    ordered = sorted(((at, event, detail) for at, event, detail in dated if at), key=lambda one: one[0])
    before = [None, *(at for at, _, _ in ordered)]
    return [
        Step(at=at, event=event, detail=detail, seconds=(at - last).total_seconds() if last else None)
        for (at, event, detail), last in zip(ordered, before, strict=False)
    ]


def _event_of(delivery: Delivery) -> Event:
    return Event.DELIVERED if delivery.outcome is DeliveryOutcome.RECEIVED else Event.DELIVERY_REFUSED
