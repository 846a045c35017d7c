"""Statements on sales by the minute: what charts and sales rates read, whatever the length of the ledger."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects import mysql, sqlite

from backend.store.tables import sales_minute
from backend.store.unit_of_work import Transaction

COUNTED = ("sold_quantity", "sold_amount", "lost_quantity", "lost_amount")


@dataclass(slots=True)
class MinuteOfSales:
    """What was sold and what was refused of a product in a minute: units, and KRW."""

    sold_quantity: int = 0
    sold_amount: int = 0
    lost_quantity: int = 0
    lost_amount: int = 0


def add_to_minute(
    transaction: Transaction, sales: Iterable[tuple[str, MinuteOfSales]], *, now: datetime
) -> None:
    """Count sales of locked products towards the minute of ``now``."""
    minute = now.replace(second=0, microsecond=0)
    rows = [
        {"sku": sku, "minute": minute, **{name: getattr(counted, name) for name in COUNTED}}
        for sku, counted in sales
    ]
    if transaction.dialect == "sqlite":
        into_sqlite = sqlite.insert(sales_minute)
        added = {name: sales_minute.c[name] + into_sqlite.excluded[name] for name in COUNTED}
        transaction.execute(into_sqlite.on_conflict_do_update(set_=added), rows)
    else:
        into_mysql = mysql.insert(sales_minute)
        added = {name: sales_minute.c[name] + into_mysql.inserted[name] for name in COUNTED}
        transaction.execute(into_mysql.on_duplicate_key_update(added), rows)


def sum_sold(transaction: Transaction, skus: Collection[str], *, since: datetime) -> dict[str, int]:
    """Units sold of each of these products in the minutes from ``since`` on, where there were any."""
    statement = (
        select(sales_minute.c.sku, func.sum(sales_minute.c.sold_quantity).label("sold"))
        .where(sales_minute.c.sku.in_(skus), sales_minute.c.minute >= since)
        .group_by(sales_minute.c.sku)
    )
    return {row.sku: int(row.sold) for row in transaction.execute(statement)}
