"""History: how stock and sales went, as series for charts, never longer than was asked for."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.services.clock import Clock
from backend.services.purchase import UnknownProduct
from backend.store import stock_history
from backend.store.products import get_product, list_products
from backend.store.sales_minutes import Sales, list_sales_points
from backend.store.stock_history import Receipt, StockPoint
from backend.store.unit_of_work import Database, Transaction, attempts

MOST_SERIES = 50
MOST_RECEIPTS = 500
LONGEST = timedelta(days=400)
DEFAULT = timedelta(minutes=30)
MINUTE = timedelta(minutes=1)


class WrongPeriod(Exception):
    """The end is not after the beginning, or they are too far apart."""

    def __init__(self) -> None:
        super().__init__(f"must be after `from`, and at most {LONGEST.days} days after it")


@dataclass(frozen=True, slots=True)
class Period:
    """A piece of time, and into how many points it may be thinned."""

    since: datetime
    until: datetime
    points: int


@dataclass(frozen=True, slots=True)
class StockSeries:
    """How a product's stock went: a step function, and the deliveries in it."""

    sku: str
    points: list[StockPoint]
    receipts: list[Receipt]


@dataclass(frozen=True, slots=True)
class SalesPoint:
    """What was sold and refused in the piece of time that begins at ``at``."""

    at: datetime
    sales: Sales


@dataclass(frozen=True, slots=True)
class SalesHistory:
    """The sales of products in pieces of ``bucket_seconds``; pieces without sales are left out."""

    since: datetime
    until: datetime
    bucket_seconds: int
    series: dict[str, list[SalesPoint]]


def make_period(*, since: datetime | None, until: datetime | None, points: int, clock: Clock) -> Period:
    """The period asked for: by default the last half hour.

    Raises:
        WrongPeriod: see there.
    """
    end = until or clock()
    begin = since or end - DEFAULT
    if not timedelta() < end - begin <= LONGEST:
        raise WrongPeriod
    return Period(since=begin, until=end, points=points)


def get_stock_history(*, database: Database, skus: list[str], period: Period) -> list[StockSeries]:
    """How stock went, for these products or, where none is named, for the first fifty.

    Raises:
        UnknownProduct: one of them is none.
        DatabaseUnavailable: the database was not reached.
    """
    for attempt in attempts():
        with attempt, database.snapshot() as transaction:
            series = [
                StockSeries(
                    sku=sku,
                    points=_stock_points(transaction, sku=sku, period=period),
                    receipts=stock_history.list_receipts(
                        transaction, sku, since=period.since, until=period.until, limit=MOST_RECEIPTS
                    ),
                )
                for sku in _named_or_all(transaction, skus)
            ]
    return series


def get_sales_history(*, database: Database, skus: list[str], period: Period) -> SalesHistory:
    """How sales went, for these products or, where none is named, for the first fifty.

    Raises:
        UnknownProduct: one of them is none.
        DatabaseUnavailable: the database was not reached.
    """
    since = period.since.replace(second=0, microsecond=0)
    minutes = (period.until - since) / MINUTE
    bucket = MINUTE * max(1, -(-minutes // (period.points - 1)))
    for attempt in attempts():
        with attempt, database.snapshot() as transaction:
            named = _named_or_all(transaction, skus)
            rows = list_sales_points(
                transaction,
                skus=named,
                since=since,
                until=period.until,
                bucket_seconds=int(bucket.total_seconds()),
            )
    series: dict[str, list[SalesPoint]] = {sku: [] for sku in named}
    for sku, piece, sales in rows:
        series[sku].append(SalesPoint(at=since + piece * bucket, sales=sales))
    return SalesHistory(since=since, until=period.until, bucket_seconds=int(bucket.total_seconds()), series=series)


def _stock_points(transaction: Transaction, *, sku: str, period: Period) -> list[StockPoint]:
    """Every movement where there are few; else the stock at equal distances."""
    since, until = period.since, period.until
    carried = stock_history.get_on_hand_before(transaction, sku, moment=since)
    first = [StockPoint(at=since, on_hand=carried)] if carried is not None else []
    room = period.points - 1
    every = stock_history.list_every_point(transaction, sku, since=since, until=until, limit=room + 1)
    if len(every) <= room:
        return first + every
    step = (until - since) // room
    moments = [until - step * number for number in reversed(range(room))]
    return first + stock_history.list_points_at(transaction, sku, moments=moments)


def _named_or_all(transaction: Transaction, skus: list[str]) -> list[str]:
    if not skus:
        return [product.sku for product in list_products(transaction, limit=MOST_SERIES)]
    for sku in skus:
        if get_product(transaction, sku) is None:
            raise UnknownProduct(sku)
    return list(dict.fromkeys(skus))
