"""The production line: everything that is due is done, nothing is polled."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from factory_mock.production_line import ProductionLine
from factory_mock.retry_policy import ATTEMPTS, seconds_until_retry

PATIENCE_SECONDS = 10


@pytest.fixture
def line() -> Iterator[ProductionLine]:
    line = ProductionLine(hands=2)
    line.start()
    yield line
    line.stop()


def test_jobs_are_done_in_the_order_in_which_they_are_due() -> None:
    line, done, finished = ProductionLine(hands=1), list[str](), threading.Event()
    line.after(0.02, finished.set)
    line.after(0.01, partial(done.append, "second"))
    line.after(0.0, partial(done.append, "first"))

    line.start()

    assert finished.wait(PATIENCE_SECONDS)
    assert done == ["first", "second"]
    line.stop()


def test_a_job_that_is_due_sooner_than_the_one_awaited_is_done_sooner(line: ProductionLine) -> None:
    done = threading.Event()
    line.after(3600, lambda: None)

    line.after(0, done.set)

    assert done.wait(PATIENCE_SECONDS)


def test_a_job_is_done_though_another_is_in_the_way(line: ProductionLine) -> None:
    blocked, done = threading.Event(), threading.Event()

    def block() -> None:
        blocked.wait(PATIENCE_SECONDS)

    line.after(0, block)
    line.after(0.01, done.set)

    assert done.wait(PATIENCE_SECONDS)
    blocked.set()


def test_thousands_of_jobs_from_many_threads_are_each_done_once(line: ProductionLine) -> None:
    done: list[int] = []
    finished = threading.Event()

    def add(start: int) -> None:
        for n in range(start, start + 500):
            line.after(0.0001 * (n % 7), partial(note, n))

    def note(n: int) -> None:
        done.append(n)
        if len(done) == 2_000:
            finished.set()

    threads = [threading.Thread(target=add, args=(start,)) for start in range(0, 2_000, 500)]
    for thread in threads:
        thread.start()

    assert finished.wait(PATIENCE_SECONDS)
    assert sorted(done) == list(range(2_000))
    for thread in threads:
        thread.join()


def test_a_job_that_fails_is_logged_without_its_message_and_the_line_goes_on(
    line: ProductionLine, log: list[Any]
) -> None:
    done = threading.Event()

    def fail() -> None:
        raise RuntimeError("http://127.0.0.1/?signature=genuine")

    line.after(0, fail)
    line.after(0, fail)
    line.after(0.01, done.set)

    assert done.wait(PATIENCE_SECONDS)
    line.stop()
    assert [entry["error"] for entry in log] == ["RuntimeError"] * 2
    assert "genuine" not in str(log)


def test_a_stopped_line_does_nothing_more(line: ProductionLine) -> None:
    done = threading.Event()
    line.after(3600, done.set)

    line.stop()

    assert not line.running
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("production-line")]


@pytest.mark.parametrize("attempt", range(1, ATTEMPTS))
def test_the_wait_doubles_with_jitter_up_to_half_a_minute(attempt: int) -> None:
    shortest = min(0.5 * 2 ** (attempt - 1), 30)

    waits = [seconds_until_retry(attempt=attempt) for _ in range(20)]

    assert all(wait is not None and shortest <= wait <= min(shortest + 0.5, 30) for wait in waits)


def test_the_last_attempt_is_not_followed_by_another() -> None:
    assert seconds_until_retry(attempt=ATTEMPTS) is None


def test_the_shops_own_wish_is_the_least_that_is_waited() -> None:
    assert seconds_until_retry(attempt=1, retry_after=45.0) == 45.0
