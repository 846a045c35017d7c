"""What becomes of orders under way when the database is put back to an earlier moment."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from backend.bootstrap import Parts
from backend.domain.replenishment import Status
from backend.services.receive import UnknownReplenishment
from backend.services.sweep import sweep
from backend.store.backup import back_up, restore
from tests.integration.books import Books
from tests.integration.fake_factory import FakeFactory
from tests.integration.messaging.pump import relay_all, work_off
from tests.integration.till import Till


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_open_heals_and_what_is_unknown_changes_nothing(
    parts: Parts,
    till: Till,
    fake_factory: FakeFactory,
    database_url: str,
    tmp_path: Path,
    read_books: Callable[[], Books],
) -> None:
    for sku in ("REQUESTED", "ORDERED", "UNKNOWN"):
        till.open(sku, on_hand=0)
    ordered = till.restock(sku="ORDERED").replenishment.id
    relay_all(parts)
    work_off(parts)
    requested = till.restock(sku="REQUESTED").replenishment.id
    back_up(database_url=database_url, path=tmp_path / "backup.db", overwrite=False)
    relay_all(parts)
    work_off(parts)
    for order in (ordered, requested):
        till.deliver(order, 10)
    unknown = till.restock(sku="UNKNOWN").replenishment.id
    relay_all(parts)

    parts.database.dispose()
    restore(database_url=database_url, path=tmp_path / "backup.db", overwrite=True)
    till.clock.ahead = parts.patience.late_after + timedelta(seconds=1)
    sweep(
        database=parts.database,
        factory=parts.factory,
        shop=parts.shop,
        clock=till.clock,
        patience=parts.patience,
    )
    relay_all(parts)
    work_off(parts)

    assert Counter(one.idempotency_key for one in fake_factory.received) == {ordered: 2, requested: 2}
    assert sorted(fake_factory.produced) == sorted([ordered, requested]), "nothing twice, nothing unknown"
    assert parts.dead_letter_queue.depth().visible == 1
    for order in (ordered, requested):
        assert till.deliver(order, 10).status is Status.RECEIVED
    with pytest.raises(UnknownReplenishment):
        till.deliver(unknown, 10)
    assert [read_books().on_hand(sku) for sku in ("ORDERED", "REQUESTED", "UNKNOWN")] == [10, 10, 0]
    assert read_books().faults() == []
