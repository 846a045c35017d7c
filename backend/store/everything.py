"""The one statement that forgets."""

from sqlalchemy import delete

from backend.store.tables import metadata
from backend.store.unit_of_work import Transaction


def delete_everything(transaction: Transaction) -> None:
    """Delete every row of every table."""
    for table in reversed(metadata.sorted_tables):
        transaction.execute(delete(table))
