import json

import pytest

from backend.entrypoints.up.log_lines import make_readable


def test_an_event_comes_first_then_what_belongs_to_it() -> None:
    line = json.dumps(
        {"sku": "CP-502101", "quantity": 1, "event": "out of stock", "level": "info", "timestamp": "t"}
    )

    assert make_readable(line) == ["out of stock sku=CP-502101 quantity=1"]


def test_a_level_is_told_when_it_is_worth_it() -> None:
    assert make_readable('{"event": "waiting", "level": "warning"}') == ["WARNING waiting"]


def test_a_value_of_several_words_is_quoted_and_korean_is_not_escaped() -> None:
    line = json.dumps(
        {"event": "sold", "level": "info", "name": "부산 도너츠", "request": {"a": 1}, "problem": None}
    )

    assert make_readable(line) == ['sold name="부산 도너츠" request={"a": 1}']


def test_a_traceback_stands_on_lines_of_its_own() -> None:
    line = json.dumps({"event": "unexpected error", "level": "error", "exception": "Traceback:\n  File\nKeyError"})

    assert make_readable(line) == ["ERROR unexpected error", "Traceback:", "  File", "KeyError"]


@pytest.mark.parametrize(
    "line", ["plain words", "{not json", '{"no": "event of ours"}', "[1]", "{" * 10_000, '{"event"', ""]
)
def test_any_other_line_stays_as_it_is(line: str) -> None:
    assert make_readable(line) == [line]


def test_deep_json_does_no_harm() -> None:
    line = '{"event":' + "[" * 100_000

    assert make_readable(line) == [line]
