"""Dead letters, explained from the database: receiving them would hide them from others."""

from dataclasses import dataclass

from backend.domain.replenishment import Replenishment
from backend.store.outbox import OutboxMessage, get_latest_message
from backend.store.replenishments import list_dead_lettered
from backend.store.unit_of_work import Database, attempts


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A replenishment whose message was given up, and that message where it is still kept."""

    replenishment: Replenishment
    message: OutboxMessage | None


def list_dead_letters(*, database: Database) -> list[DeadLetter]:
    """Every dead-lettered replenishment, oldest first: at most one for a product.

    Raises:
        DatabaseUnavailable: the database was not reached.
    """
    for attempt in attempts():
        with attempt, database.snapshot() as transaction:
            letters = [
                DeadLetter(replenishment=one, message=get_latest_message(transaction, one.id))
                for one in list_dead_lettered(transaction)
            ]
    return letters
