"""No transaction is open while somebody else's answer is waited for: theirs may take as long as it likes."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
from botocore.client import BaseClient

from backend.bootstrap import Parts
from backend.services.redrive import redrive
from backend.services.sample import sample_queues
from backend.services.sweep import Swept, sweep
from tests.integration.fake_factory import BROKEN, TAKEN, Answer, FakeFactory, Received
from tests.integration.messaging.pump import relay_all, work_off
from tests.integration.till import DONUT, OPERATOR, Till

Holders = Counter[int]


@pytest.fixture
def holders(parts: Parts) -> Holders:
    """How many connections to the database each thread holds now."""
    pool = parts.database._writing.pool
    held: Holders = Counter()
    sa.event.listen(pool, "checkout", lambda *_: held.update([threading.get_ident()]))
    sa.event.listen(pool, "checkin", lambda *_: held.subtract([threading.get_ident()]))
    return held


def test_no_transaction_is_open_while_the_factory_is_asked(
    parts: Parts, till: Till, fake_factory: FakeFactory, holders: Holders
) -> None:
    counted: list[int] = []

    def count(received: Received) -> Answer:
        counted.append(holders.total())
        return TAKEN

    fake_factory.decide = count
    till.open(on_hand=0)
    till.restock()
    relay_all(parts)
    work_off(parts)
    till.clock.ahead = parts.patience.late_after + timedelta(seconds=1)
    swept = sweep(
        database=parts.database,
        factory=parts.factory,
        shop=parts.shop,
        clock=till.clock,
        patience=parts.patience,
    )

    assert swept == Swept(published_again=0, asked_again=1)
    assert counted == [0, 0]


def test_no_transaction_is_open_while_aws_is_asked(
    parts: Parts,
    till: Till,
    fake_factory: FakeFactory,
    holders: Holders,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counted: dict[str, int] = {}
    call = vars(BaseClient)["_make_api_call"]

    def count(client: BaseClient, operation: str, arguments: object) -> object:
        counted[operation] = max(counted.get(operation, 0), holders[threading.get_ident()])
        return call(client, operation, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", count)
    till.open(on_hand=0)
    till.restock()
    fake_factory.refuse(DONUT, answer=BROKEN)
    relay_all(parts)
    work_off(parts)
    sample_queues(
        database=parts.database,
        queue=parts.queue,
        dead_letter_queue=parts.dead_letter_queue,
        every=timedelta(seconds=1),
        clock=till.clock,
    )
    redriven = redrive(
        database=parts.database,
        queue=parts.queue,
        dead_letter_queue=parts.dead_letter_queue,
        shop=parts.shop,
        clock=till.clock,
        operator=OPERATOR,
    )

    assert redriven == 1
    assert {"Publish", "ReceiveMessage", "DeleteMessage", "SendMessage", "GetQueueAttributes"} <= set(counted)
    assert set(counted.values()) == {0}
