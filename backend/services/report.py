"""Report: what the shop looks like, read and never written."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.domain.movement import Movement
from backend.domain.product import Product
from backend.domain.purchase import Purchase
from backend.domain.replenishment import Replenishment
from backend.services.clock import Clock
from backend.services.purchase import UnknownProduct
from backend.services.receive import UnknownReplenishment
from backend.store import movements, products, purchases, replenishments
from backend.store.sales_minutes import Sales, sum_sales
from backend.store.unit_of_work import Database, Transaction, attempts


class UnknownPurchase(Exception):
    """There is no such purchase."""

    def __init__(self, purchase_id: str) -> None:
        super().__init__(f"there is no purchase {purchase_id!r}")


MINUTE = timedelta(minutes=1)
RATE_WINDOW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class ProductReport:
    """A product with what is under way for it. ``on_order`` is units, the rate units a minute of late."""

    product: Product
    on_order: int
    sales_per_minute: float
    state: str
    open_replenishment_id: str | None


def ping(*, database: Database) -> None:
    """Ask the database for anything.

    Raises:
        DatabaseUnavailable: it does not answer.
    """
    with database.snapshot() as transaction:
        products.has_products(transaction)


def list_product_reports(*, database: Database, after: str, limit: int, clock: Clock) -> list[ProductReport]:
    """At most ``limit`` products in order of sku, those after ``after``."""
    for attempt in attempts():
        with attempt, database.snapshot() as transaction:
            found = products.list_products(transaction, after=after, limit=limit)
            return report_products(transaction, found=found, clock=clock)
    raise AssertionError("attempts() ends by an answer or an exception")


def get_product_report(*, database: Database, sku: str, clock: Clock) -> ProductReport:
    """One product, archived or not.

    Raises:
        UnknownProduct: there is no such product.
    """
    for attempt in attempts():
        with attempt, database.snapshot() as transaction:
            found = products.get_product(transaction, sku)
            if found is None:
                raise UnknownProduct(sku)
            [report] = report_products(transaction, found=[found], clock=clock)
    return report


def get_purchase(*, database: Database, purchase_id: str) -> Purchase:
    """One purchase, sold or refused.

    Raises:
        UnknownPurchase: there is none of this id.
    """
    for attempt in attempts():
        with attempt, database.snapshot() as transaction:
            found = purchases.get_purchase(transaction, purchase_id)
    if found is None:
        raise UnknownPurchase(purchase_id)
    return found


def list_movements(*, database: Database, sku: str, before: int | None, limit: int) -> list[Movement]:
    """At most ``limit`` lines of a product's ledger, newest first, those older than line ``before``.

    Raises:
        UnknownProduct: there is no such product.
    """
    for attempt in attempts():
        with attempt, database.snapshot() as transaction:
            if products.get_product(transaction, sku) is None:
                raise UnknownProduct(sku)
            found = movements.list_movements(transaction, sku, before=before, limit=limit)
    return found


def list_replenishments(
    *, database: Database, before: int | None, limit: int, sku: str | None, only_open: bool
) -> list[Replenishment]:
    """At most ``limit`` replenishments, newest first, those with a number below ``before``."""
    for attempt in attempts():
        with attempt, database.snapshot() as transaction:
            found = replenishments.list_replenishments(
                transaction, before=before, limit=limit, sku=sku, only_open=only_open
            )
    return found


def get_replenishment(*, database: Database, replenishment_id: str) -> Replenishment:
    """One replenishment.

    Raises:
        UnknownReplenishment: there is none of this id.
    """
    for attempt in attempts():
        with attempt, database.snapshot() as transaction:
            found = replenishments.get_replenishment(transaction, replenishment_id)
    if found is None:
        raise UnknownReplenishment(replenishment_id)
    return found


def whole_minutes_before(now: datetime, window: timedelta) -> datetime:
    """Where a window that ends ``now`` begins, as sales are counted by the minute: never too late."""
    return (now - window).replace(second=0, microsecond=0)


def report_products(transaction: Transaction, *, found: list[Product], clock: Clock) -> list[ProductReport]:
    """Each product with what is under way for it, within a transaction."""
    skus = [product.sku for product in found]
    under_way = replenishments.list_open_replenishments(transaction, skus)
    now = clock()
    since = whole_minutes_before(now, RATE_WINDOW)
    sales = sum_sales(transaction, since=since, skus=skus)
    return [
        ProductReport(
            product=product,
            on_order=under_way[product.sku].outstanding if product.sku in under_way else 0,
            sales_per_minute=sales.get(product.sku, Sales()).sold_quantity / ((now - since) / MINUTE),
            state=product.shelf_state.value,
            open_replenishment_id=under_way[product.sku].id if product.sku in under_way else None,
        )
        for product in found
    ]
