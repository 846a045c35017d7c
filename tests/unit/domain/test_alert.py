"""Alerts on the edge: what has begun, what is over, and when it may be told."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.domain.alert import Alert, AlertKind, Condition, find_crossings, notice_due_at

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
QUIET = timedelta(minutes=5)
A_MINUTE = timedelta(minutes=1)


def _wrong(subject: str, kind: AlertKind = AlertKind.OUT_OF_STOCK) -> Condition:
    return Condition(kind=kind, subject=subject, sku=subject, detail="on_hand 0")


def _alert(subject: str = "A", *, changes: int = 1, told: int = 0, told_at: datetime | None = None) -> Alert:
    return Alert(
        id=1,
        kind=AlertKind.OUT_OF_STOCK,
        subject=subject,
        sku=subject,
        detail="on_hand 0",
        raised_at=NOW,
        cleared_at=None if changes % 2 else NOW,
        changes=changes,
        told_changes=told,
        told_at=told_at,
    )


def test_what_is_new_has_begun_and_what_is_gone_is_over() -> None:
    found = find_crossings(conditions=[_wrong("A"), _wrong("B")], active=[_alert("B"), _alert("C")])

    assert found.raised == [_wrong("A")]
    assert [one.subject for one in found.cleared] == ["C"]


def test_what_goes_on_is_no_crossing() -> None:
    assert not find_crossings(conditions=[_wrong("A")], active=[_alert("A")])
    assert not find_crossings(conditions=[], active=[])


def test_one_subject_may_be_wrong_in_two_ways() -> None:
    found = find_crossings(conditions=[_wrong("A"), _wrong("A", AlertKind.DRIFT)], active=[_alert("A")])

    assert found.raised == [_wrong("A", AlertKind.DRIFT)]


@pytest.mark.parametrize(
    ("changes", "told", "crossings"),
    [(1, 0, 1), (2, 0, 1), (1, 1, 0), (2, 1, 0), (3, 1, 1), (4, 1, 1), (7, 2, 3), (8, 2, 3), (4, 4, 0)],
)
def test_how_often_it_began_since_it_was_told(changes: int, told: int, crossings: int) -> None:
    assert _alert(changes=changes, told=told).crossings == crossings


def test_the_first_time_is_told_at_once() -> None:
    assert notice_due_at(is_active=True, told_changes=0, told_at=None, now=NOW, quiet=QUIET) == NOW


def test_that_it_is_over_is_told_at_once_to_who_was_told_that_it_had_begun() -> None:
    told_at = NOW - A_MINUTE

    assert notice_due_at(is_active=False, told_changes=1, told_at=told_at, now=NOW, quiet=QUIET) == NOW


@pytest.mark.parametrize(("is_active", "told_changes"), [(True, 2), (True, 1), (False, 2)])
def test_what_begins_again_waits_until_it_was_quiet(is_active: bool, told_changes: int) -> None:
    told_at = NOW - A_MINUTE

    due_at = notice_due_at(is_active=is_active, told_changes=told_changes, told_at=told_at, now=NOW, quiet=QUIET)

    assert due_at == told_at + QUIET


def test_what_begins_again_after_a_quiet_time_is_told_at_once() -> None:
    told_at = NOW - QUIET - A_MINUTE

    assert notice_due_at(is_active=True, told_changes=2, told_at=told_at, now=NOW, quiet=QUIET) == NOW
