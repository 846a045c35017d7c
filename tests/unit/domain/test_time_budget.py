"""What would not end in time is not begun."""

from hypothesis import given
from hypothesis import strategies as st

from backend.domain.time_budget import UNLIMITED, TimeBudget

SECONDS = st.integers(0, 10_000)


@given(left=SECONDS, wanted=SECONDS)
def test_it_has_what_is_left_and_no_more(left: int, wanted: int) -> None:
    assert TimeBudget(lambda: left).has(wanted) is (wanted <= left)


@given(left=SECONDS, kept=SECONDS, wanted=SECONDS)
def test_what_is_kept_for_later_is_not_there_for_now(left: int, kept: int, wanted: int) -> None:
    assert TimeBudget(lambda: left).less(kept).has(wanted) is (wanted + kept <= left)


def test_it_asks_anew_each_time_how_much_there_is() -> None:
    left = [3.0]
    budget = TimeBudget(lambda: left[0]).less(1)
    assert budget.has(2)

    left[0] = 2.5

    assert not budget.has(2)


@given(kept=SECONDS, wanted=SECONDS)
def test_without_a_limit_there_is_time_for_everything(kept: int, wanted: int) -> None:
    assert UNLIMITED.less(kept).has(wanted)
