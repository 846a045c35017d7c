"""Statements on sales by the minute: what charts and sales rates read, whatever the length of the ledger."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Insert, func, select
from sqlalchemy.dialects import mysql, sqlite

from backend.store.dialect_functions import seconds_between
from backend.store.tables import product, sales_minute
from backend.store.unit_of_work import Transaction


@dataclass(slots=True)
class Sales:
    """What was sold and what was refused of a product in some time: purchases, units, and KRW."""

    sold_purchases: int = 0
    sold_quantity: int = 0
    sold_amount: int = 0
    refused_purchases: int = 0
    lost_quantity: int = 0
    lost_amount: int = 0

    def __add__(self, other: "Sales") -> "Sales":
        """Both together."""
        return Sales(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


COUNTED = tuple(field.name for field in fields(Sales))
SUMS = [func.sum(sales_minute.c[name]).label(name) for name in COUNTED]


def _make_upsert(dialect: str) -> Insert:
    if dialect == "sqlite":
        into_sqlite = sqlite.insert(sales_minute)
        return into_sqlite.on_conflict_do_update(
            set_={name: sales_minute.c[name] + into_sqlite.excluded[name] for name in COUNTED}
        )
    into_mysql = mysql.insert(sales_minute)
    return into_mysql.on_duplicate_key_update(
        {name: sales_minute.c[name] + into_mysql.inserted[name] for name in COUNTED}
    )


ADD_TO_MINUTE = {dialect: _make_upsert(dialect) for dialect in ("sqlite", "mysql")}


def add_to_minute(transaction: Transaction, sales: Iterable[tuple[str, Sales]], *, now: datetime) -> None:
    """Count sales of locked products towards the minute of ``now``."""
    minute = now.replace(second=0, microsecond=0)
    rows = [
        {"sku": sku, "minute": minute, **{name: getattr(counted, name) for name in COUNTED}}
        for sku, counted in sales
    ]
    transaction.execute(ADD_TO_MINUTE[transaction.dialect], rows)


def sum_sales(
    transaction: Transaction,
    *,
    since: datetime,
    until: datetime | None = None,
    skus: Collection[str] | None = None,
) -> dict[str, Sales]:
    """The sales of each product that had any, in the minutes from ``since`` until before ``until``."""
    statement = select(sales_minute.c.sku, *SUMS).where(sales_minute.c.minute >= since)
    if until is not None:
        statement = statement.where(sales_minute.c.minute < until)
    # Every product by name: SQLite walks the whole table otherwise, to have it in order of sku.
    statement = statement.where(sales_minute.c.sku.in_(select(product.c.sku) if skus is None else skus))
    rows = transaction.execute(statement.group_by(sales_minute.c.sku))
    return {row.sku: Sales(*(int(row._mapping[name]) for name in COUNTED)) for row in rows}


def list_sales_points(
    transaction: Transaction, *, skus: Collection[str], since: datetime, until: datetime, bucket_seconds: int
) -> list[tuple[str, int, Sales]]:
    """The sales of products in equal pieces of time: sku, number of the piece from ``since`` on, sales.

    Pieces without sales are left out. ``bucket_seconds`` is a multiple of 60.
    """
    piece = func.floor(seconds_between(since, sales_minute.c.minute) / bucket_seconds).label("piece")
    statement = (
        select(sales_minute.c.sku, piece, *SUMS)
        .where(sales_minute.c.sku.in_(skus), sales_minute.c.minute >= since, sales_minute.c.minute < until)
        .group_by(sales_minute.c.sku, piece)
        .order_by(sales_minute.c.sku, piece)
    )
    return [
        (row.sku, int(row.piece), Sales(*(int(row._mapping[name]) for name in COUNTED)))
        for row in transaction.execute(statement)
    ]
