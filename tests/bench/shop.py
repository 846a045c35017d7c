"""The shop that is stormed: a thousand products, full or empty shelves, and its books read by plain SQL."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

import sqlalchemy as sa

from backend.store.migrate import upgrade
from backend.store.tables import metadata

PRODUCTS = 1000
FULL_SHELF = 100_000_000
DRAWS = 20_000
_WRITTEN_BY_SALES = ("outbox", "delivery", "replenishment", "purchase", "stock_movement", "sales_minute")
_QUIET_SECONDS = 0.15


def sku_of(number: int) -> str:
    """The sku of a product; 0 is the hot one."""
    return f"BENCH-{number:04}"


def draw_skus(goods: str, *, seed: int = 1, count: int = DRAWS) -> list[str]:
    """What customers want, one after the other: only the hot product, or by Zipf's law (exponent 1)."""
    if goods == "hot":
        return [sku_of(0)]
    weights = [1 / rank for rank in range(1, PRODUCTS + 1)]
    numbers = random.Random(seed).choices(range(PRODUCTS), weights=weights, k=count)
    return [sku_of(number) for number in numbers]


@dataclass(frozen=True, kw_only=True)
class Books:
    """What the tables say after a storm. Everything is counted by SQL, nothing is believed."""

    sold: int
    refused: int
    movements: int
    moved_units: int
    minute_purchases: int
    drifting_products: int
    open_orders: int

    @property
    def purchases(self) -> int:
        """All of them, sold or refused."""
        return self.sold + self.refused


@dataclass(frozen=True)
class BenchShop:
    """A database with the shop's tables and products."""

    url: str

    @cached_property
    def engine(self) -> sa.Engine:
        """A plain engine, not the one under test."""
        return sa.create_engine(self.url, isolation_level="AUTOCOMMIT")

    def open(self) -> None:
        """Make tables and products."""
        upgrade(database_url=self.url)
        with self.engine.connect() as connection:
            if self._is_sqlite:
                connection.exec_driver_sql("PRAGMA journal_mode = WAL")
            now = datetime.now(UTC)
            rows = [
                {
                    "sku": sku_of(number),
                    "name": "부산도너츠",
                    "name_en": "Busan donut",
                    "price": 2500,
                    "on_hand": 0,
                    "factory_id": "FF-500293",
                    "reorder_point": None,
                    "lot_size": 10,
                    "created_at": now,
                    "updated_at": now,
                }
                for number in range(PRODUCTS)
            ]
            connection.execute(sa.insert(metadata.tables["product"]), rows)

    def fill(self, *, on_hand: int = FULL_SHELF) -> None:
        """Forget every sale, and put so many units of every product on its shelf, by an entry in its ledger."""
        with self.engine.connect() as connection:
            for table in _WRITTEN_BY_SALES:
                connection.exec_driver_sql(f"{'DELETE FROM' if self._is_small(table) else 'TRUNCATE'} {table}")
            connection.execute(sa.text("UPDATE product SET on_hand = :on_hand"), {"on_hand": on_hand})
            if on_hand:
                connection.execute(
                    sa.text(
                        "INSERT INTO stock_movement (sku, quantity, on_hand_after, kind, actor, created_at) "
                        "SELECT sku, on_hand, on_hand, 'adjustment', 'bench', created_at FROM product"
                    )
                )
            if self._is_sqlite:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def books(self) -> Books:
        """The books once nothing is written any more: what a closed connection had asked for is sold, too."""
        before = -1
        while before != (before := self._count("SELECT COUNT(*) FROM purchase")):
            time.sleep(_QUIET_SECONDS)
        return Books(
            sold=self._count("SELECT COUNT(*) FROM purchase WHERE outcome = 'sold'"),
            refused=self._count("SELECT COUNT(*) FROM purchase WHERE outcome = 'out_of_stock'"),
            movements=self._count("SELECT COUNT(*) FROM stock_movement WHERE kind = 'sale'"),
            moved_units=-self._count("SELECT SUM(quantity) FROM stock_movement WHERE kind = 'sale'"),
            minute_purchases=self._count("SELECT SUM(sold_purchases + refused_purchases) FROM sales_minute"),
            drifting_products=self._count(
                "SELECT COUNT(*) FROM product JOIN (SELECT sku, SUM(quantity) AS total FROM stock_movement "
                "GROUP BY sku) AS ledger ON ledger.sku = product.sku WHERE product.on_hand <> ledger.total"
            ),
            open_orders=self._count("SELECT COUNT(*) FROM replenishment WHERE open_key IS NOT NULL"),
        )

    def run(self, statements: Sequence[str]) -> None:
        """Plain statements, one after the other."""
        with self.engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def _count(self, statement: str) -> int:
        with self.engine.connect() as connection:
            return int(connection.exec_driver_sql(statement).scalar() or 0)

    def _is_small(self, table: str) -> bool:
        # MySQL truncates no table that others refer to, SQLite knows no TRUNCATE.
        return self._is_sqlite or table in ("outbox", "delivery", "replenishment")

    @property
    def _is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")
