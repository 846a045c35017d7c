"""How long a failed order waits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.backoff import (
    BASE_SECONDS,
    LONGEST_SECONDS,
    MAX_RECEIVES,
    given_up_after_seconds,
    longest_wait_seconds,
    wait_seconds,
)


@given(failures=st.integers(1, 1000), draw=st.floats(0, 1, exclude_max=True))
def test_a_wait_is_between_half_of_its_longest_and_its_longest(failures: int, draw: float) -> None:
    longest = longest_wait_seconds(failures=failures)

    assert max(1, longest // 2) <= wait_seconds(failures=failures, draw=draw) <= longest <= LONGEST_SECONDS


def test_waits_double_until_the_longest() -> None:
    waits = [longest_wait_seconds(failures=failures) for failures in range(1, 9)]

    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]


def test_the_draw_spreads_the_waits() -> None:
    assert {wait_seconds(failures=4, draw=tenth / 10) for tenth in range(10)} >= {8, 10, 12, 14, 15}


def test_a_wait_is_never_none_at_all() -> None:
    """0 would put the message back at once, and spend its four receives in a moment."""
    assert wait_seconds(failures=1, draw=0.0) >= 1


@pytest.mark.parametrize("attempt_seconds", [0.5, 10])
def test_a_message_is_forgotten_only_after_every_attempt_and_every_wait(attempt_seconds: float) -> None:
    waits = BASE_SECONDS + 2 * BASE_SECONDS + 4 * BASE_SECONDS

    assert given_up_after_seconds(attempt_seconds=attempt_seconds) == waits + MAX_RECEIVES * attempt_seconds
