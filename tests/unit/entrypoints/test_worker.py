"""The worker's loops and hands: a fault in one never ends it, nor the others."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import structlog

from backend.adapters.sqs import QueueUnavailable
from backend.entrypoints import worker
from backend.entrypoints.worker import AT_A_TIME, Hands
from backend.store.unit_of_work import CommitUncertain, DatabaseUnavailable


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a fault the next round comes at once."""
    monkeypatch.setattr(worker, "FAULT_PAUSE_SECONDS", 0)


@pytest.mark.parametrize(
    "fault",
    [DatabaseUnavailable("gone"), CommitUncertain("gone"), QueueUnavailable("gone"), ZeroDivisionError()],
    ids=lambda fault: type(fault).__name__,
)
def test_a_loop_goes_on_after_a_fault_and_ends_when_it_is_told_to(fault: Exception) -> None:
    stopping = threading.Event()
    rounds: list[int] = []

    def once() -> None:
        rounds.append(len(rounds))
        if len(rounds) == 3:
            stopping.set()
        raise fault

    worker._repeat(once, stopping)

    assert rounds == [0, 1, 2]


def test_a_loop_says_once_that_it_waits_and_once_that_it_goes_on() -> None:
    stopping = threading.Event()
    away = QueueUnavailable("gone")
    rounds = iter([None, away, away, away, None, None, away, None])

    def once() -> None:
        fault = next(rounds, stopping)
        if fault is stopping:
            stopping.set()
        elif fault is not None:
            raise away

    with structlog.testing.capture_logs() as entries:
        worker._repeat(once, stopping)

    assert [entry["event"] for entry in entries] == ["waiting", "going on"] * 2
    assert entries[0]["error"] == "gone"


def test_a_loop_that_is_told_to_end_before_it_began_does_nothing() -> None:
    stopping = threading.Event()
    stopping.set()

    worker._repeat(lambda: pytest.fail("a round was made"), stopping)


def test_a_worker_begins_everything_until_it_is_told_to_end_and_nothing_after() -> None:
    stopping = threading.Event()
    budget = worker._until_told_to(stopping)
    assert budget.has(3600)

    stopping.set()

    assert not budget.has(0.001)


def test_what_is_given_a_time_has_that_and_no_more() -> None:
    budget = worker._until_told_to(threading.Event(), seconds=3600)

    assert budget.has(1)
    assert not budget.has(3601)


def test_there_are_as_many_hands_as_a_receive_may_bring() -> None:
    hands = Hands()

    assert hands.wait_for_free() == AT_A_TIME == 10
    hands.let_go(AT_A_TIME)
    hands.finish()


def test_hands_that_are_busy_are_not_free_and_who_comes_then_waits_for_one() -> None:
    hands = Hands()
    go_on = threading.Event()

    def be_busy() -> None:
        go_on.wait(60)

    for _ in range(hands.wait_for_free()):
        hands.do(be_busy)

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(hands.wait_for_free)
        assert not waiting.done()
        go_on.set()

        assert 1 <= waiting.result(timeout=60) <= AT_A_TIME
    hands.finish()


def test_a_hand_is_free_again_after_it_failed() -> None:
    hands = Hands()
    hands.let_go(hands.wait_for_free() - 1)

    def fail() -> None:
        raise ZeroDivisionError

    hands.do(fail)
    hands.finish()

    assert hands.wait_for_free() == AT_A_TIME
