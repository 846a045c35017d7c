"""Metrics: what the shop counts, read from the database, so that every process of every machine says the same."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock

from backend.adapters.sqs import Depth, Queue, QueueUnavailable
from backend.domain.product import Product
from backend.services.clock import Clock
from backend.store.outbox import Lag, get_lag
from backend.store.products import list_products
from backend.store.replenishments import count_lead_times, count_open_replenishments
from backend.store.sales_minutes import Sales, sum_sales
from backend.store.unit_of_work import Database, Transaction, attempts

MOST_PRODUCTS = 2000
LEAD_TIME_BUCKETS = (1, 2, 5, 10, 30, 60, 120, 300, 900, 3600, 14400, 86400)
"""Upper bounds of the restock lead time histogram, in seconds."""
CLOSED_AFTER = timedelta(minutes=5)
"""When no transaction can still write to a minute that has passed."""


@dataclass(slots=True)
class SalesTotals:
    """All sales ever, summed once and carried on: a scrape reads only what came since the last."""

    _closed: dict[str, Sales] = field(default_factory=dict)
    _until: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    _lock: Lock = field(default_factory=Lock)

    def read(self, transaction: Transaction, *, now: datetime) -> dict[str, Sales]:
        """Every product's sales since the shop opened."""
        with self._lock:
            until = (now - CLOSED_AFTER).replace(second=0, microsecond=0)
            if until > self._until:
                newly = sum_sales(transaction, since=self._until, until=until)
                self._closed, self._until = _add(self._closed, newly), until
            return _add(self._closed, sum_sales(transaction, since=self._until))


@dataclass(frozen=True, slots=True)
class LeadTimes:
    """Received replenishments by how long they took: counts up to each bucket's bound, and the sum in seconds."""

    up_to: list[int]
    count: int
    sum_seconds: float


@dataclass(frozen=True, slots=True)
class Metrics:
    """Everything that is counted, at a moment. Depths are None where SQS was not reached."""

    products: list[Product]
    sales: dict[str, Sales]
    open_replenishments: int
    outbox: Lag
    outbox_lag_seconds: float
    lead_times: LeadTimes
    queue: Depth | None
    dead_letters: int | None


def collect_metrics(
    *, database: Database, queue: Queue, dead_letter_queue: Queue, totals: SalesTotals, clock: Clock
) -> Metrics:
    """Count everything.

    Raises:
        DatabaseUnavailable: the database was not reached.
    """
    depth, dead = _depth(queue), _depth(dead_letter_queue)
    for attempt in attempts():
        with attempt, database.snapshot() as transaction:
            now = clock()
            lag = get_lag(transaction)
            up_to, count, seconds = count_lead_times(transaction, bounds=LEAD_TIME_BUCKETS)
            found = Metrics(
                products=list_products(transaction, limit=MOST_PRODUCTS),
                sales=totals.read(transaction, now=now),
                open_replenishments=count_open_replenishments(transaction),
                outbox=lag,
                outbox_lag_seconds=(now - lag.oldest).total_seconds() if lag.oldest else 0.0,
                lead_times=LeadTimes(up_to=up_to, count=count, sum_seconds=seconds),
                queue=depth,
                dead_letters=dead.visible + dead.in_flight if dead else None,
            )
    return found


def _depth(queue: Queue) -> Depth | None:
    try:
        return queue.depth()
    except QueueUnavailable:
        return None


def _add(one: dict[str, Sales], other: dict[str, Sales]) -> dict[str, Sales]:
    return {sku: one.get(sku, Sales()) + other.get(sku, Sales()) for sku in {*one, *other}}
