"""The books: what the tables say, and whether it adds up. Read by plain SQL, not by the code under test."""

from collections import defaultdict
from typing import Any

import sqlalchemy as sa

TABLES = (
    "product",
    "purchase",
    "stock_movement",
    "replenishment",
    "delivery",
    "outbox",
    "sales_minute",
    "operator_action",
    "queue_sample",
)
OPEN = ("requested", "published", "ordered", "partially_received")

Rows = list[dict[str, Any]]


class Books:
    """Every row of every table, as of one moment."""

    def __init__(self, engine: sa.Engine) -> None:
        with engine.connect() as connection:
            _see_one_moment(connection)
            self.tables = {
                table: [
                    dict(row._mapping)
                    for row in connection.exec_driver_sql(f"SELECT * FROM {table}")  # noqa: S608 - our own names
                ]
                for table in TABLES
            }

    def __getitem__(self, table: str) -> Rows:
        """The rows of a table."""
        return self.tables[table]

    def __eq__(self, other: object) -> bool:
        """Whether nothing has changed."""
        return isinstance(other, Books) and self.tables == other.tables

    __hash__ = None  # type: ignore[assignment]

    def on_hand(self, sku: str) -> int:
        """Units on the shelf."""
        [product] = [row for row in self["product"] if row["sku"] == sku]
        return int(product["on_hand"])

    def sold(self, sku: str) -> int:
        """Units sold, by the purchases."""
        return sum(row["quantity"] for row in self["purchase"] if row["sku"] == sku and row["outcome"] == "sold")

    def open_orders(self, sku: str) -> Rows:
        """The replenishments under way."""
        return [row for row in self["replenishment"] if row["sku"] == sku and row["status"] in OPEN]

    def faults(self) -> list[str]:
        """Whatever does not add up; empty when all is well."""
        return [
            *self._ledger_faults(),
            *self._purchase_faults(),
            *self._replenishment_faults(),
            *self._minute_faults(),
        ]

    def _ledger_faults(self) -> list[str]:
        faults = []
        shelves: dict[str, int] = defaultdict(int)
        for line in sorted(self["stock_movement"], key=lambda row: int(row["id"])):
            shelves[line["sku"]] += line["quantity"]
            if shelves[line["sku"]] != line["on_hand_after"]:
                faults.append(f"line {line['id']} says {line['on_hand_after']} after, not {shelves[line['sku']]}")
        for product in self["product"]:
            if product["on_hand"] != shelves[product["sku"]]:
                faults.append(
                    f"{product['sku']}: {product['on_hand']} on hand, the ledger says {shelves[product['sku']]}"
                )
            if product["on_hand"] < 0:
                faults.append(f"{product['sku']}: oversold")
        return faults

    def _purchase_faults(self) -> list[str]:
        orders = {row["id"] for row in self["replenishment"]}
        sold = {row["reference"]: -row["quantity"] for row in self["stock_movement"] if row["kind"] == "sale"}
        faults = []
        for one in self["purchase"]:
            if one["outcome"] == "sold" and sold.pop(one["id"], None) != one["quantity"]:
                faults.append(f"purchase {one['id']} is sold, and not in the ledger")
            if one["outcome"] == "out_of_stock" and one["replenishment_id"] not in orders:
                faults.append(f"purchase {one['id']} was refused, and nothing was ordered")
        return faults + [f"the ledger sold {reference}, which nobody bought" for reference in sold]

    def _replenishment_faults(self) -> list[str]:
        announced = {row["replenishment_id"] for row in self["outbox"]}
        received: dict[str, int] = defaultdict(int)
        for delivery in self["delivery"]:
            if delivery["outcome"] == "received":
                received[delivery["replenishment_id"]] += delivery["quantity"]
        open_skus = [row["sku"] for row in self["replenishment"] if row["status"] in OPEN]
        several = {sku for sku in open_skus if open_skus.count(sku) > 1}
        faults = [f"{sku} has {open_skus.count(sku)} open orders" for sku in several]
        for order in self["replenishment"]:
            name = f"order {order['number']}"
            is_open = order["status"] in OPEN
            if order["open_key"] != (order["sku"] if is_open else None):
                faults.append(f"{name} is {order['status']} with open_key {order['open_key']}")
            if order["id"] not in announced:
                faults.append(f"{name} was never told to anybody")
            if not order["received_quantity"] == received[order["id"]] <= order["quantity"]:
                faults.append(f"{name}: {order['received_quantity']} received, {received[order['id']]} delivered")
        receipts: dict[str, int] = defaultdict(int)
        for line in self["stock_movement"]:
            if line["kind"] == "receipt":
                receipts[line["reference"]] += line["quantity"]
        if receipts != {key: value for key, value in received.items() if value}:
            faults.append("the ledger's receipts are not the deliveries")
        return faults

    def _minute_faults(self) -> list[str]:
        counted: dict[tuple[str, str], tuple[int, int]] = {}
        for row in self["purchase"]:
            key = (row["sku"], row["outcome"])
            quantity, amount = counted.get(key, (0, 0))
            counted[key] = (quantity + row["quantity"], amount + row["quantity"] * row["unit_price"])
        summed: dict[tuple[str, str], tuple[int, int]] = {}
        for row in self["sales_minute"]:
            for outcome, kind in (("sold", "sold"), ("out_of_stock", "lost")):
                quantity, amount = summed.get((row["sku"], outcome), (0, 0))
                summed[row["sku"], outcome] = (
                    quantity + row[f"{kind}_quantity"],
                    amount + row[f"{kind}_amount"],
                )
        kept = {key: value for key, value in summed.items() if value != (0, 0)}
        return [] if kept == counted else [f"sales by the minute {kept} are not the purchases {counted}"]


def _see_one_moment(connection: sa.Connection) -> None:
    """Have all of it read as of the first read: SQLite's driver, unlike MariaDB, begins nothing only to read."""
    connection.begin()
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite" and not driver.in_transaction:
        connection.exec_driver_sql("BEGIN")
