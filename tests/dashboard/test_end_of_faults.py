"""The end of the factory's bad days."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from dashboard.client import Failure, Result
from dashboard.simulator.faults import LAST_SECONDS, EndOfFaults
from tests.servers.waiting import wait_until

OUTAGE = {"refuse": {"status": 503}, "no_callback": None}


def _answer(error: Failure = "", status: int = 200, data: object = None) -> Result:
    return Result(ok=not error, data=data, at=datetime.now(UTC), error=error, status=status)


class Backend:
    """Answers as told, one after the other, and notes what it was asked."""

    def __init__(self, *answers: Result) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def asking(self, what: str) -> Callable[[], Result]:
        def call() -> Result:
            self.asked.append(what)
            return self.answers.pop(0)

        return call

    def end_of_faults(self, *, last_seconds: float = 0) -> EndOfFaults:
        return EndOfFaults(
            look=self.asking("look"), clear=self.asking("clear"), last_seconds=last_seconds, first_pause_seconds=0
        )


def _nobody_counts() -> bool:
    return "end-of-faults" not in [thread.name for thread in threading.enumerate()]


def _over() -> None:
    wait_until(_nobody_counts, seconds=20, what="the counting to be over")


@pytest.mark.parametrize("in_vain", [_answer("unreachable", 0), _answer("unanswered", 0), _answer("problem", 503)])
def test_faults_are_ended_however_long_the_backend_is_away(in_vain: Result) -> None:
    backend = Backend(in_vain, in_vain, in_vain, _answer())

    backend.end_of_faults().count_anew(any_on=True)
    _over()

    assert backend.asked == ["clear"] * 4


def test_a_refusal_is_an_answer() -> None:
    backend = Backend(_answer("problem", 401))

    backend.end_of_faults().count_anew(any_on=True)
    _over()

    assert backend.asked == ["clear"]


def test_what_is_switched_off_by_hand_is_counted_no_more() -> None:
    backend = Backend()
    end = backend.end_of_faults(last_seconds=LAST_SECONDS)
    end.count_anew(any_on=True)
    assert not _nobody_counts()

    end.count_anew(any_on=False)
    _over()

    assert backend.asked == []


def test_faults_that_an_earlier_dashboard_left_are_ended_too() -> None:
    backend = Backend(_answer("unreachable", 0), _answer(data=OUTAGE), _answer())

    backend.end_of_faults().count_for_what_is_left()
    _over()

    assert backend.asked == ["look", "look", "clear"]


@pytest.mark.parametrize("answer", [_answer(data={"refuse": None}), _answer("problem", 404)])
def test_where_nothing_was_left_nothing_is_ended(answer: Result) -> None:
    backend = Backend(answer)

    backend.end_of_faults().count_for_what_is_left()
    _over()

    assert backend.asked == ["look"]
