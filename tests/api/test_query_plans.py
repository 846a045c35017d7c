"""However long the history, a report reads few rows of it: the databases' own plans and counters say so."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert

from backend.services import clock
from backend.store import tables
from tests.api.past import START, rfc3339
from tests.api.shop import FACTORY_ID, Shop

LINES = 6_000
ORDERS = 600
GROWING = ("stock_movement", "purchase", "replenishment", "delivery", "sales_minute", "queue_sample", "outbox")
MIDDLE = START + timedelta(seconds=LINES // 2)
END = START + timedelta(seconds=LINES)
MONTHS_AGO = {"from": rfc3339(START), "to": rfc3339(END)}

REPORTS: dict[str, tuple[str, dict[str, Any], int]] = {
    "stock history, thinned": ("/api/stock-history", {"sku": "A", "points": 50, **MONTHS_AGO}, 1_500),
    "stock history, the end of it": (
        "/api/stock-history",
        {"sku": "A", "from": rfc3339(END - timedelta(seconds=30)), "to": rfc3339(END)},
        200,
    ),
    "stock history, the middle of it": (
        "/api/stock-history",
        {"sku": "A", "from": rfc3339(MIDDLE), "to": rfc3339(MIDDLE + timedelta(seconds=30))},
        200,
    ),
    "sales history": ("/api/sales-history", {"sku": "A", "points": 50, **MONTHS_AGO}, 600),
    "sales history, of a few minutes": (
        "/api/sales-history",
        {"from": rfc3339(MIDDLE), "to": rfc3339(MIDDLE + timedelta(minutes=5))},
        150,
    ),
    "the ledger, newest first": ("/api/products/A/movements", {}, 150),
    "the ledger, far down": ("/api/products/A/movements", {"cursor": LINES // 2}, 150),
    "the ledger of what rarely moves": ("/api/products/RARE/movements", {}, 150),
    "products": ("/api/products", {}, 150),
    "one product": ("/api/products/A", {}, 50),
    "overview": ("/api/overview", {}, 2_500),
    "activity": ("/api/activity", {}, 600),
    "activity, far down": ("/api/activity", {"limit": 100}, 1_000),
    "replenishments": ("/api/replenishments", {}, 150),
    "open replenishments": ("/api/replenishments", {"open": "true"}, 150),
}
"""Path, query, and the most rows that MariaDB may touch for it: more than it does now, far less than there are."""


@pytest.fixture(scope="module")
def grown_shop(make_shop: Callable[..., Shop], shared_database_url: str, request: pytest.FixtureRequest) -> Shop:
    """A shop with a long history, on a database of its own, whose statistics are up to date."""
    from backend.store.migrate import upgrade

    if shared_database_url.startswith("sqlite"):
        url = shared_database_url.replace("shared.db", "grown.db")
    else:
        url = request.getfixturevalue("mariadb").create_database()
    upgrade(database_url=url)
    shop = make_shop(url)
    for sku in ("A", "B", "RARE"):
        shop.open_product(sku=sku, on_hand=0)
    with shop.parts.database.unit_of_work() as transaction:
        for table, rows in grown():
            transaction.execute(insert(table), rows)
        transaction.commit()
    with shop.parts.database._writing.connect() as connection:
        if connection.dialect.name != "sqlite":  # MariaDB does so by itself; nobody does on SQLite
            connection.exec_driver_sql(f"ANALYZE TABLE {', '.join(GROWING)}").close()
    return shop


def grown() -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    """Rows of a long history."""
    times = [START + timedelta(seconds=number) for number in range(LINES)]
    ids = [clock.new_id() for _ in times]
    orders = range(ORDERS)
    yield (
        tables.stock_movement,
        [
            {
                "sku": "AB"[number % 2],
                "quantity": 1,
                "on_hand_after": number % 50,
                "kind": "sale",
                "actor": "customer",
                "created_at": at,
            }
            for number, at in enumerate(times)
        ],
    )
    yield (
        tables.purchase,
        [
            {"id": ids[n], "sku": "A", "quantity": 1, "unit_price": 1, "outcome": "sold", "created_at": times[n]}
            for n in range(LINES)
        ],
    )
    yield tables.replenishment, [replenishment(ids[n], at=times[10 * n]) for n in orders]
    yield (
        tables.delivery,
        [
            {
                "replenishment_id": ids[n],
                "delivery_id": "x",
                "quantity": 10,
                "outcome": "received",
                "created_at": times[10 * n] + timedelta(seconds=3),
            }
            for n in orders
        ],
    )
    counts = dict.fromkeys((column.name for column in tables.sales_minute.c[2:]), 1)
    yield (
        tables.sales_minute,
        [{"sku": sku, "minute": START + timedelta(minutes=n), **counts} for sku in "AB" for n in range(LINES)],
    )


def replenishment(replenishment_id: str, *, at: Any) -> dict[str, Any]:
    """An order of long ago."""
    return {
        "id": replenishment_id,
        "sku": "A",
        "factory_id": FACTORY_ID,
        "quantity": 10,
        "received_quantity": 10,
        "status": "received",
        "cause": "restock",
        "shortage": 10,
        "on_hand_at_request": 0,
        "lot_size_at_request": 10,
        "actor": "factoauto",
        "correlation_id": "long-ago",
        "attempts": 0,
        "requested_at": at,
        "received_at": at + timedelta(seconds=3),
    }


@pytest.fixture
def statements(grown_shop: Shop) -> Iterator[list[tuple[str, Any]]]:
    """Every statement that the shop sends from now on, with its parameters."""
    engine = grown_shop.parts.database._writing
    sent: list[tuple[str, Any]] = []

    def note(connection: Connection, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("name", REPORTS)
def test_no_report_reads_a_long_table_from_end_to_end(
    grown_shop: Shop, statements: list[tuple[str, Any]], name: str
) -> None:
    path, query, most_rows = REPORTS[name]
    if name == "activity, far down":
        query = query | {"cursor": grown_shop.get(path)["next_cursor"]}
        statements.clear()

    grown_shop.get(path, **query)

    asked = list(statements)
    assert asked
    with grown_shop.parts.database._writing.connect() as connection:
        if connection.dialect.name == "sqlite":
            for statement, parameters in asked:
                assert_walks_no_table(connection, statement, parameters)
        else:
            assert count_rows_read(connection, asked) <= most_rows


def assert_walks_no_table(connection: Connection, statement: str, parameters: Any) -> None:
    """SQLite SEARCHes by a key; a SCAN is only for what is read newest first and stops at its LIMIT."""
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    steps = [str(row[3]) for row in plan]
    for step in steps:
        scanned = re.match(r"SCAN (\w+)", step)
        if scanned and scanned[1] in GROWING:
            assert "LIMIT" in statement, (step, statement)
            assert not any("TEMP B-TREE FOR ORDER BY" in other for other in steps), (steps, statement)
    if "ORDER BY stock_movement.created_at" in statement:
        searched = [step for step in steps if step.startswith("SEARCH stock_movement")]
        assert searched
        assert all("ix_stock_movement_sku_created_at (sku=? AND created_at" in step for step in searched)


def count_rows_read(connection: Connection, asked: list[tuple[str, Any]]) -> int:
    """How many rows and index entries MariaDB's storage engine handed out for these statements."""
    before = handler_reads(connection)
    for statement, parameters in asked:
        connection.exec_driver_sql(statement, parameters).all()
    return handler_reads(connection) - before


def handler_reads(connection: Connection) -> int:
    rows = connection.exec_driver_sql("SHOW SESSION STATUS LIKE 'Handler_read%%'")
    return sum(int(value) for _, value in rows)


def test_the_plans_of_mariadb_name_the_indexes(grown_shop: Shop, statements: list[tuple[str, Any]]) -> None:
    """The hints name indexes by hand: were one renamed, the statement would fail, and here is why it is there."""
    grown_shop.get("/api/stock-history", sku="A", points=5, **MONTHS_AGO)
    grown_shop.get("/api/products/A/movements", cursor=LINES // 2)

    with grown_shop.parts.database._writing.connect() as connection:
        if connection.dialect.name == "sqlite":
            return
        used = {
            str(row._mapping["key"])
            for statement, parameters in statements
            for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
            if row._mapping["table"] == "stock_movement" and row._mapping["type"] == "range"
        }
    assert used == {"ix_stock_movement_sku_created_at", "ix_stock_movement_sku_id"}
