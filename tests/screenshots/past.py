"""The last forty minutes of a busy shop, written by the shop's own services as if they had run at the time."""

import logging
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from math import sin

import structlog

from backend import settings
from backend.bootstrap import Parts
from backend.domain.demo_shop import DEMO_PRODUCTS, FACTORY_ID
from backend.domain.sale import PurchaseRequest
from backend.services import clock
from backend.services.products import NewProduct, open_shop
from backend.services.purchase import sell
from backend.services.receive import Arrival, receive
from backend.store import outbox, queue_samples, replenishments
from backend.store.migrate import upgrade

MINUTES = 40
A_DAY = timedelta(days=1)
WEIGHTS = {"CP-502101": 2, "CP-502102": 5, "CP-502103": 4, "CP-502104": 3, "CP-502105": 6}
FAILED = ("CP-502104", "CP-502101")
OUTAGE = timedelta(minutes=4)
"""how long ago the factory stopped taking orders of what is in FAILED"""
ERROR = "the factory answered 503: Service Unavailable"


@dataclass
class Past:
    """The shop, moment by moment."""

    parts: Parts
    now: datetime
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    due: dict[str, tuple[datetime, int]] = field(default_factory=dict)
    samples: list[queue_samples.QueueSample] = field(default_factory=list)
    dead: set[str] = field(default_factory=set)

    def live_until(self, end: datetime) -> None:
        """Sell, order and receive until then."""
        next_sample = self.now
        for at in self._customers(end):
            self.now = at
            self._receive_what_is_due()
            self._sell()
            self._order(end)
            while next_sample <= at:
                self._sample(next_sample)
                next_sample += timedelta(seconds=10)
        with self.parts.database.unit_of_work() as transaction:
            for sample in self.samples:
                queue_samples.add_sample(transaction, sample)
            for claimed in outbox.claim_messages(transaction, now=end, lease=A_DAY, limit=10_000):
                outbox.mark_message_published(transaction, claimed.id, now=end)
            transaction.commit()

    def _customers(self, end: datetime) -> Iterator[datetime]:
        at = self.now
        while True:
            minutes = (end - at) / timedelta(minutes=1)
            rate = 0.55 + 0.35 * sin(minutes / 3.1) + 0.15 * sin(minutes * 1.7)
            at += timedelta(seconds=self.chance.expovariate(max(rate, 0.1)))
            if at >= end:
                return
            yield at

    def _sell(self) -> None:
        sku = self.chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        wanted = PurchaseRequest(id=clock.new_id(), sku=sku, quantity=self.chance.choice((1, 1, 1, 2, 3)))
        sell(database=self.parts.database, requests=[wanted], shop=self.parts.shop, clock=partial(_same, self.now))

    def _order(self, end: datetime) -> None:
        with self.parts.database.unit_of_work() as transaction:
            for sku, order in replenishments.list_open_replenishments(transaction, list(WEIGHTS)).items():
                if order.id in self.due or order.id in self.dead:
                    continue
                asked = order.requested_at
                replenishments.mark_published(transaction, order.id, now=asked + timedelta(milliseconds=140))
                if sku in FAILED and end - self.now < OUTAGE:
                    self.dead.add(order.id)
                    for attempt, seconds in enumerate((1, 3, 6, 13)):
                        at = asked + timedelta(seconds=seconds)
                        replenishments.mark_failed(
                            transaction, order.id, error=ERROR, dead_lettered_at=at if attempt == 3 else None
                        )
                    continue
                replenishments.mark_ordered(transaction, order.id, now=asked + timedelta(milliseconds=390))
                lead = timedelta(seconds=self.chance.uniform(18, 55))
                self.due[order.id] = (asked + lead, order.quantity)
            transaction.commit()

    def _receive_what_is_due(self) -> None:
        for order_id, (at, quantity) in list(self.due.items()):
            if at <= self.now:
                arrival = Arrival(replenishment_id=order_id, delivery_id="", quantity=quantity)
                receive(
                    database=self.parts.database, arrival=arrival, shop=self.parts.shop, clock=partial(_same, at)
                )
                del self.due[order_id]

    def _sample(self, at: datetime) -> None:
        busy = self.chance.random()
        sample = queue_samples.QueueSample(
            at=at.replace(microsecond=0),
            visible=1 + int(busy * 3) if busy > 0.86 else 0,
            in_flight=int(busy > 0.78),
            dead_letters=len(self.dead),
        )
        self.samples.append(sample)


def write_past(database_url: str) -> int:
    """Make the database, and let the demo shop have been busy until now; how many dead letters there are."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))  # an hour in seconds
    upgrade(database_url=database_url)
    configured = settings.Settings(database_url=database_url, callback_secrets=("a-secret-of-the-past",))
    parts = Parts(configured)
    end = datetime.now(UTC)
    start = end - timedelta(minutes=MINUTES)
    products = [
        NewProduct(
            sku=demo.sku,
            name=demo.name,
            name_en=demo.name_en,
            price=demo.price,
            factory_id=FACTORY_ID,
            on_hand=demo.opening_stock,
            reorder_point=demo.reorder_point,
            lot_size=demo.lot_size,
        )
        for demo in DEMO_PRODUCTS
    ]
    open_shop(database=parts.database, products=products, actor="demo", clock=partial(_same, start))
    past = Past(parts=parts, now=start)
    past.live_until(end)
    parts.database.dispose()
    return len(past.dead)


def _same(moment: datetime) -> datetime:
    return moment
