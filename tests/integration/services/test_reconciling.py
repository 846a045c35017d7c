"""Drift, planted past the services, is found and repaired while customers buy, on SQLite and on MariaDB."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress

import pytest
import sqlalchemy as sa

from backend.domain.sale import Outcome
from backend.entrypoints.app import SQLITE_PAUSE_SECONDS
from backend.services.purchase import PurchaseAnswer
from backend.services.reconcile import REASON, find_drift, repair_drift
from backend.store.movements import Drift, sum_movements
from backend.store.unit_of_work import Transaction
from tests.integration.books import Books
from tests.integration.till import Till
from tests.servers.waiting import wait_until

PATIENCE_SECONDS = 60
LET_BUY_SECONDS = 0.5
SKUS = ("MORE", "LESS", "LOST", "SOUND")


@contextmanager
def customers_buying(till: Till) -> Iterator[None]:
    """Four of them, one at each shelf, for as long as it goes on."""
    closing_time = threading.Event()
    bought = dict.fromkeys(SKUS, 0)

    def buy_on(sku: str) -> None:
        while not closing_time.wait(SQLITE_PAUSE_SECONDS):  # as the shop does, or nobody else gets its lock
            till.buy(sku=sku)
            bought[sku] += 1

    def wait_for_more() -> None:
        so_far = dict(bought)
        wait_until(
            lambda: all(bought[sku] > so_far[sku] for sku in SKUS),
            seconds=PATIENCE_SECONDS,
            what="somebody to have bought of everything",
        )

    with ThreadPoolExecutor(len(SKUS)) as pool:
        buying = [pool.submit(buy_on, sku) for sku in SKUS]
        try:
            wait_for_more()
            yield
            wait_for_more()
        finally:
            closing_time.set()
        for one in buying:
            one.result()


@pytest.fixture
def planted(till: Till, engine: sa.Engine) -> None:
    """A shelf with more than its ledger says, one with less, and one whose ledger lost its first line."""
    for sku in SKUS:
        till.open(sku, on_hand=100_000)
    for statement in (
        "UPDATE product SET on_hand = on_hand + 7 WHERE sku = 'MORE'",
        "UPDATE product SET on_hand = on_hand - 7 WHERE sku = 'LESS'",
        "DELETE FROM stock_movement WHERE sku = 'LOST'",
    ):
        with engine.begin() as connection:
            connection.exec_driver_sql(statement)


@pytest.mark.usefixtures("planted")
def test_drift_is_found_by_its_size_while_customers_buy(till: Till) -> None:
    with customers_buying(till):
        found = {one.sku: one.on_hand - one.ledger for one in find_drift(database=till.database)}

    assert found == {"MORE": 7, "LESS": -7, "LOST": 100_000}


@pytest.mark.usefixtures("planted")
def test_repair_adds_an_adjustment_to_each_such_ledger_and_touches_nothing_else(
    till: Till, read_books: Callable[[], Books]
) -> None:
    before = read_books()
    with customers_buying(till):
        repaired = repair_drift(database=till.database, actor="alice", clock=till.clock)

    after = read_books()
    added = [row for row in after["stock_movement"] if row["reason"] == REASON]
    assert {row["sku"]: row["quantity"] for row in added} == {"MORE": 7, "LESS": -7, "LOST": 100_000}
    assert {(row["kind"], row["actor"]) for row in added} == {("adjustment", "alice")}
    assert sorted(one.sku for one in repaired) == ["LESS", "LOST", "MORE"]
    assert find_drift(database=till.database) == []
    kept = {row["id"]: row for row in after["stock_movement"]}
    assert all(kept[row["id"]] == row for row in before["stock_movement"]), "no line is rewritten or deleted"
    for sku in SKUS:
        assert after.on_hand(sku) == before.on_hand(sku) - after.sold(sku), "the shelf is what it was"


@pytest.mark.usefixtures("planted")
def test_two_who_repair_at_once_repair_it_once(till: Till, read_books: Callable[[], Books]) -> None:
    def repair(_: int) -> list[Drift]:
        return repair_drift(database=till.database, actor="alice", clock=till.clock)

    with customers_buying(till), ThreadPoolExecutor(4) as operators:
        repaired = [one.sku for some in operators.map(repair, range(4)) for one in some]

    assert sorted(repaired) == ["LESS", "LOST", "MORE"]
    assert len([row for row in read_books()["stock_movement"] if row["reason"] == REASON]) == 3
    assert find_drift(database=till.database) == []


@pytest.mark.usefixtures("planted")
def test_who_buys_in_the_midst_of_a_repair_waits_for_it(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    with ThreadPoolExecutor(1) as customers:
        buying: list[Future[PurchaseAnswer]] = []

        def sum_while_somebody_buys(transaction: Transaction, sku: str) -> int:
            buying.append(customers.submit(till.buy, sku=sku))
            with suppress(TimeoutError):
                buying[-1].result(timeout=LET_BUY_SECONDS)  # who is not kept out has bought by now
            return sum_movements(transaction, sku)

        monkeypatch.setattr("backend.services.reconcile.sum_movements", sum_while_somebody_buys)
        repair_drift(database=till.database, actor="alice", clock=till.clock)

    assert [one.result().purchase.outcome for one in buying] == [Outcome.SOLD] * 3
    assert find_drift(database=till.database) == []


@pytest.mark.usefixtures("planted")
def test_a_ledger_is_added_up_in_parts_as_of_one_moment(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """However old the shop is, no statement takes longer than the database is waited for."""
    monkeypatch.setattr("backend.store.movements.LINES_AT_A_TIME", 3)

    with customers_buying(till):
        found = {one.sku: one.on_hand - one.ledger for one in find_drift(database=till.database)}

    assert found == {"MORE": 7, "LESS": -7, "LOST": 100_000}
