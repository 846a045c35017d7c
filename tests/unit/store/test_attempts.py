"""How often a transaction is tried, and what its caller is told in the end."""

from collections.abc import Iterator

import pytest

from backend.store import unit_of_work
from backend.store.unit_of_work import CommitUncertain, DatabaseUnavailable, UniqueViolation, attempts

GONE, LOST, TAKEN = DatabaseUnavailable("gone"), CommitUncertain("lost"), UniqueViolation("taken")


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between attempts there is none."""
    monkeypatch.setattr("tenacity.nap.time.sleep", lambda _: None)


def _try(ends: Iterator[Exception | None], *, uncertain_too: bool = False) -> None:
    for attempt in attempts(uncertain_too=uncertain_too):
        with attempt:
            end = next(ends)
            if end is not None:
                raise end


def test_what_may_mend_is_tried_again_and_what_succeeds_is_not() -> None:
    ends = iter([GONE, GONE, None, GONE])

    _try(ends)

    assert list(ends) == [GONE]


def test_the_fourth_attempt_is_the_last() -> None:
    ends = iter([GONE] * 5)

    with pytest.raises(DatabaseUnavailable):
        _try(ends)

    assert list(ends) == [GONE]


def test_none_is_begun_when_those_before_took_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unit_of_work, "LAST_BEGINS_WITHIN_SECONDS", 0)
    ends = iter([GONE, None])

    with pytest.raises(DatabaseUnavailable):
        _try(ends)

    assert list(ends) == [None]


@pytest.mark.parametrize("fault", [LOST, TAKEN])
def test_what_another_attempt_does_not_mend_is_not_tried_again(fault: Exception) -> None:
    ends = iter([fault, None])

    with pytest.raises(type(fault)):
        _try(ends)

    assert list(ends) == [None]


def test_who_can_find_out_what_became_of_a_commit_tries_again() -> None:
    _try(iter([LOST, None]), uncertain_too=True)


def test_a_commit_that_nobody_found_out_about_stays_uncertain() -> None:
    with pytest.raises(CommitUncertain):
        _try(iter([LOST, GONE, GONE, GONE]), uncertain_too=True)
