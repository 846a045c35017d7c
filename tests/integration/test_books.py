"""The books themselves: they are of one moment, however the shop goes on selling while they are read."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from tests.integration.books import TABLES, Books
from tests.integration.till import DONUT, Till


@pytest.fixture
def reader(migrated_database_url: str) -> sa.Engine:
    """An engine as the tests read with, a connection each time."""
    return sa.create_engine(migrated_database_url, poolclass=sa.NullPool)


@pytest.mark.parametrize("table", TABLES)
def test_what_is_bought_between_two_tables_is_not_half_in_the_books(
    till: Till, reader: sa.Engine, table: str
) -> None:
    till.open(DONUT, on_hand=1)
    _after_reading(table, reader, lambda: [till.buy(), till.buy()])

    books = Books(reader)

    assert books.faults() == []
    assert books.on_hand(DONUT) == 1
    assert Books(reader).on_hand(DONUT) == 0


def _after_reading(table: str, reader: sa.Engine, happens: Callable[[], object]) -> None:
    def look(_: sa.Connection, __: object, statement: str, *___: object) -> None:
        if statement.endswith(f"FROM {table}"):
            happens()

    sa.event.listen(reader, "after_cursor_execute", look)
