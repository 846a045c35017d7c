"""The last answers, which all sessions share."""

from datetime import UTC, datetime

from dashboard.client import Result
from dashboard.snapshots import KEPT, LastAnswers


def _answer(said: int) -> Result:
    return Result(ok=True, data=said, at=datetime(2026, 11, 23, tzinfo=UTC))


def test_the_answers_given_last_are_kept_and_older_ones_forgotten() -> None:
    answers = LastAnswers()
    for question in range(KEPT):
        answers.keep(str(question), _answer(question))

    answers.keep("0", _answer(1_000))
    answers.keep("one more", _answer(1_001))

    assert answers.get("1") is None
    kept = [answers.get(name) for name in ("0", "one more", *map(str, range(2, KEPT)))]
    assert [one.data for one in kept if one] == [1_000, 1_001, *range(2, KEPT)]
