"""Money, spans and times as people write them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from dashboard.formats import clock, moment, plain, short_won, span, won

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.mark.parametrize(
    ("amount", "korean", "english"),
    [
        (0, "₩0", "₩0"),
        (9_800, "₩9,800", "₩9,800"),
        (12_300, "₩1.23만", "₩12.3K"),
        (4_070_000, "₩407만", "₩4.07M"),
        (123_456_789, "₩1.23억", "₩123M"),
        (-25_000, "₩-2.5만", "₩-25K"),
    ],
)
def test_large_amounts_are_short_in_small_spaces(amount: int, korean: str, english: str) -> None:
    assert short_won(amount, "ko") == korean
    assert short_won(amount, "en") == english


def test_an_amount_in_full_has_thousands() -> None:
    assert won(1_234_567) == "₩1,234,567"
    assert won(-500) == "-₩500"


@pytest.mark.parametrize(
    ("seconds", "korean", "english"),
    [
        (None, "–", "–"),
        (0.2, "0초", "0 s"),
        (58, "58초", "58 s"),
        (300, "5분", "5 min"),
        (4_800, "1시간 20분", "1 h 20 min"),
        (90_000, "1일 1시간", "1 d 1 h"),
        (-3, "0초", "0 s"),
    ],
)
def test_a_span_is_told_in_its_largest_units(seconds: float | None, korean: str, english: str) -> None:
    assert span(seconds, "ko") == korean
    assert span(seconds, "en") == english


def test_a_time_is_the_viewers_own_and_of_another_day_has_its_date() -> None:
    at = moment("2026-11-22T15:29:29.123456Z")

    assert clock(at, SEOUL, now=datetime(2026, 11, 22, 16, tzinfo=UTC)) == "00:29:29"
    assert clock(at, SEOUL, now=datetime(2026, 11, 24, tzinfo=UTC)) == "11-23 00:29"


def test_markup_in_a_name_is_shown_as_it_is() -> None:
    assert plain("a*b_[c](d) $x$") == r"a\*b\_\[c\]\(d\) \$x\$"
