"""Alerts in real processes: backends that sell, workers that watch, a receiver that believes nothing."""

from collections import Counter
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
import uuid_utils

from tests.end_to_end.loop import PATIENCE_SECONDS, Loop
from tests.integration.fake_receiver import SECRET, FakeReceiver, Message
from tests.servers.process import ServerProcess
from tests.servers.waiting import wait_until

SHELVES = 100


@pytest.fixture(scope="module")
def shared_receiver() -> Iterator[FakeReceiver]:
    """Who hears of alerts."""
    made = FakeReceiver()
    yield made
    made.close()


@pytest.fixture
def receiver(shared_receiver: FakeReceiver) -> Iterator[FakeReceiver]:
    """Who hears of alerts, and takes every message; of what tests before told it knows nothing."""
    shared_receiver.came.clear()
    shared_receiver.taken.clear()
    yield shared_receiver
    shared_receiver.status = 204


@pytest.fixture(scope="module")
def workers(shared_loop: Loop, shared_receiver: FakeReceiver) -> Iterator[list[ServerProcess]]:
    """Three workers that watch, and tell that receiver."""
    settings = {
        "FACTOAUTO_ALERT_WEBHOOK_URL": shared_receiver.url,
        "FACTOAUTO_ALERT_WEBHOOK_SECRET": SECRET,
        "FACTOAUTO_ALERT_QUIET_SECONDS": "20",
        "FACTOAUTO_DRIFT_SECONDS": "0.5",
    }
    yield shared_loop.start_workers(3, settings=settings)
    shared_loop.stop_workers()


@pytest.fixture
def loop(shared_loop: Loop, workers: list[ServerProcess]) -> Loop:
    """The loop with these workers."""
    return shared_loop


def _open(loop: Loop, count: int, *, on_hand: int) -> list[str]:
    skus = [f"CP-{uuid_utils.uuid4().hex[:12]}" for _ in range(count)]
    for sku in skus:
        loop.till.open(sku, on_hand=on_hand)
    return skus


def _told(receiver: FakeReceiver, skus: list[str]) -> Counter[tuple[str, str]]:
    """Of these products, how often of each shelf it was told that it is empty and that it is not."""
    return Counter((sku, state) for kind, sku, state in receiver.told if sku in skus and kind == "out_of_stock")


def _is_about_any(messages: list[Message], skus: list[str]) -> bool:
    return any(alert["subject"] in skus for message in messages for alert in message.alerts)


def test_a_shelf_that_runs_empty_and_fills_itself_is_told_once_each_by_three_workers(
    loop: Loop, workers: list[ServerProcess], receiver: FakeReceiver
) -> None:
    [sku] = _open(loop, 1, on_hand=1)

    loop.backends[0].send(sku)
    wait_until(lambda: _told(receiver, [sku]), seconds=PATIENCE_SECONDS, what="that it is empty")
    loop.backends[1].send(sku)
    wait_until(lambda: len(_told(receiver, [sku])) == 2, seconds=PATIENCE_SECONDS, what="that it is filled")

    assert _told(receiver, [sku]) == {(sku, "raised"): 1, (sku, "cleared"): 1}
    assert all(message.genuine for message in receiver.came)
    logged = "".join(worker.output for worker in workers)
    assert "alerts delivered" in logged
    assert SECRET not in logged
    assert "nobody-may-see" not in logged


def test_a_hundred_shelves_that_run_empty_while_the_receiver_is_down_are_a_few_requests_when_it_is_back(
    loop: Loop, receiver: FakeReceiver
) -> None:
    receiver.status = 503
    skus = _open(loop, SHELVES, on_hand=1)
    for number, sku in enumerate(skus):
        loop.backends[number % 2].send(sku)
    wait_until(lambda: _is_about_any(receiver.came, skus), seconds=PATIENCE_SECONDS, what="a first attempt")

    receiver.status = 200
    wait_until(
        lambda: len(_told(receiver, skus)) == SHELVES, seconds=PATIENCE_SECONDS, what="every shelf to be told of"
    )

    assert set(_told(receiver, skus).values()) == {1}
    assert all(message.genuine for message in receiver.came)
    assert len({message.id for message in receiver.taken}) <= 12, "few messages, whenever they ran empty"


def test_drift_is_told_once_and_once_when_it_is_repaired(loop: Loop, receiver: FakeReceiver) -> None:
    [sku] = _open(loop, 1, on_hand=10)
    engine = sa.create_engine(loop.settings.database_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE product SET on_hand = 7 WHERE sku = :sku"), {"sku": sku})
    wait_until(lambda: ("drift", sku, "raised") in receiver.told, seconds=PATIENCE_SECONDS, what="the drift")

    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE product SET on_hand = 10 WHERE sku = :sku"), {"sku": sku})
    wait_until(lambda: ("drift", sku, "cleared") in receiver.told, seconds=PATIENCE_SECONDS, what="its end")

    assert Counter(one for one in receiver.told if one[1] == sku) == {
        ("drift", sku, "raised"): 1,
        ("drift", sku, "cleared"): 1,
    }
