"""Goals are met or missed by the numbers, and what was not measured is not met."""

from collections.abc import Iterable

from tests.bench.goals import Verdict, judge, memory_growth
from tests.bench.records import Record


def storm(contender: str, rate: float, *, connections: int = 64, p99: float = 10) -> Record:
    numbers = {"per_second": rate, "p50_ms": 1, "p99_ms": p99}
    return Record(
        part="storm",
        database="mariadb",
        contender=contender,
        goods="hot",
        connections=connections,
        numbers=numbers,
    )


def verdict(records: Iterable[Record], words: str) -> Verdict:
    [found] = [one for one in judge(records) if words in one.goal]
    return found


def test_each_contender_is_taken_where_it_is_fastest() -> None:
    records = [
        storm("group_commit", 3000),
        storm("group_commit", 2000, connections=16),
        storm("slap", 4000, connections=16),
    ]

    against_slap = verdict(records, "mariadb-slap")

    assert (against_slap.value, against_slap.is_met, against_slap.word) == (0.75, False, "**missed**")


def test_what_is_compared_is_compared_within_its_round() -> None:
    good, bad = 2, 1
    records = [
        storm(contender, rate * minute)
        for minute in (good, bad, bad)
        for contender, rate in (("group_commit", 3500), ("original", 1000))
    ]
    records[2] = storm("group_commit", 3500 * good)  # which had a good minute, and its rival a bad one

    assert verdict(records, "original").value == 3.5


def test_a_goal_is_met_at_its_limit() -> None:
    records = [storm("group_commit", 3500, p99=100), storm("original", 1000)]

    assert verdict(records, "original").word == "met"
    assert verdict(records, "p99 at 64 connections").word == "met"


def test_what_was_not_measured_is_not_met() -> None:
    assert {one.word for one in judge([])} == {"not measured"}
    assert not any(one.is_met for one in judge([]))


def test_history_is_judged_by_its_slowest_call() -> None:
    records = [
        Record(part="history", database="sqlite", goods=call, numbers={"ratio": ratio})
        for call, ratio in (("fast", 1.0), ("slow", 1.6))
    ]

    assert verdict(records, "History").word == "**missed**"


def test_memory_is_compared_with_what_it_was_after_a_tenth() -> None:
    seen = [(50, 80.0), (100, 100.0), (500, 104.0), (1000, 103.0)]
    records = [
        Record(part="memory", numbers={"purchases": purchases, "memory_mb": memory}) for purchases, memory in seen
    ]

    assert round(memory_growth(records) or 0, 6) == 3
    assert memory_growth(records[:1]) is None
