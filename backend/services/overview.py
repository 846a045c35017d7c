"""Overview: one snapshot of the shop for a dashboard."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.adapters.sqs import Depth, Queue, QueueUnavailable
from backend.domain.product import ShelfState
from backend.services.clock import Clock
from backend.services.report import ProductReport, report_products, whole_minutes_before
from backend.store import replenishments
from backend.store.products import list_products
from backend.store.sales_minutes import Sales, sum_sales
from backend.store.unit_of_work import Database, attempts

MOST_PRODUCTS = 2000


@dataclass(frozen=True, slots=True)
class ProductOverview:
    """A product, its sales in the window, and what its stock makes of them."""

    report: ProductReport
    sales: Sales
    lead_time: timedelta | None
    open_replenishment_id: str | None

    @property
    def runs_out_in_seconds(self) -> float | None:
        """Until the shelf is empty at the present rate of sales; None where nothing sells."""
        rate = self.report.sales_per_minute
        return self.report.product.on_hand / rate * 60 if rate else None


@dataclass(frozen=True, slots=True)
class Overview:
    """The shop at a moment. ``queue`` is None where SQS was not reached."""

    at: datetime
    minutes: int
    products: list[ProductOverview]
    total: Sales
    open_replenishments: int
    queue: Depth | None
    dead_letters: int | None
    oldest_seconds: float | None

    @property
    def short_products(self) -> int:
        """How many shelves are at or below their reorder point, or empty."""
        states = [one.report.product.shelf_state for one in self.products]
        return sum(state is not ShelfState.IN_STOCK for state in states)


def get_overview(
    *, database: Database, queue: Queue, dead_letter_queue: Queue, minutes: int, clock: Clock
) -> Overview:
    """The shop as of now, with the sales of the last ``minutes``.

    Raises:
        DatabaseUnavailable: the database was not reached.
    """
    depth, dead_letters = _look_at_queues(queue=queue, dead_letter_queue=dead_letter_queue)
    for attempt in attempts():
        with attempt, database.snapshot() as transaction:
            now = clock()
            reports = report_products(
                transaction, found=list_products(transaction, limit=MOST_PRODUCTS), clock=clock
            )
            sales = sum_sales(transaction, since=whole_minutes_before(now, timedelta(minutes=minutes)))
            lead_times = replenishments.list_observed_lead_times(transaction)
            oldest = replenishments.get_oldest_published(transaction)
            under_way = replenishments.count_open_replenishments(transaction)
    return Overview(
        at=now,
        minutes=minutes,
        products=[
            ProductOverview(
                report=report,
                sales=sales.get(report.product.sku, Sales()),
                lead_time=lead_times.get(report.product.sku),
                open_replenishment_id=report.open_replenishment_id,
            )
            for report in reports
        ],
        total=sum(sales.values(), Sales()),
        open_replenishments=under_way,
        queue=depth,
        dead_letters=dead_letters,
        oldest_seconds=(now - oldest).total_seconds() if oldest else None,
    )


def _look_at_queues(*, queue: Queue, dead_letter_queue: Queue) -> tuple[Depth | None, int | None]:
    try:
        dead = dead_letter_queue.depth()
        return queue.depth(), dead.visible + dead.in_flight
    except QueueUnavailable:
        return None, None
