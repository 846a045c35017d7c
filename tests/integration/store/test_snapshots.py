"""What a reading transaction sees, and that it leaves nothing behind."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from backend.store.engine import make_engine
from backend.store.products import get_product
from backend.store.unit_of_work import Database, Transaction
from tests.integration.till import DONUT, Till


@pytest.fixture
def reader(migrated_database_url: str) -> Iterator[Database]:
    """Somebody with one connection, which every transaction of his uses."""
    engine: sa.Engine = make_engine(database_url=migrated_database_url, connections=1)
    yield Database(engine)
    engine.dispose()


def _on_hand(transaction: Transaction) -> int:
    product = get_product(transaction, DONUT)
    assert product is not None
    return product.on_hand


def test_a_snapshot_is_of_one_moment_whatever_is_sold_meanwhile(till: Till, reader: Database) -> None:
    till.open(on_hand=10)

    with reader.snapshot() as transaction:
        before = _on_hand(transaction)
        till.buy()
        after = _on_hand(transaction)

    assert (before, after) == (10, 10)
    with reader.snapshot() as transaction:
        assert _on_hand(transaction) == 9


@pytest.mark.parametrize("database_url", ["mariadb"], indirect=True)
@pytest.mark.parametrize("reads", [0, 1])
def test_a_writing_transaction_after_a_snapshot_sees_what_was_committed_since_it_began(
    till: Till, reader: Database, reads: int
) -> None:
    till.open(on_hand=10)
    with reader.snapshot() as transaction:
        for _ in range(reads):
            _on_hand(transaction)

    with reader.unit_of_work() as transaction:
        before = _on_hand(transaction)
        till.buy()
        after = _on_hand(transaction)

    assert (before, after) == (10, 9)
