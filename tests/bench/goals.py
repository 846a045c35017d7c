"""The goals that the project set itself, each met or missed by the numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tests.bench.figures import Circumstances, find, find_ratio
from tests.bench.records import Record

MEASURED_NOISE = 1.05
"""Two measurements of the same thing differ by so much: what must only be no worse may be that much worse."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A goal and what was measured. ``value`` is None where something needed for it was not."""

    goal: str
    value: float | None
    limit: float
    is_at_least: bool
    unit: str = "×"

    @property
    def is_met(self) -> bool:
        """Whether it was measured and is on the right side of its limit."""
        if self.value is None:
            return False
        return self.value >= self.limit if self.is_at_least else self.value <= self.limit

    @property
    def word(self) -> str:
        """For the table."""
        if self.value is None:
            return "not measured"
        return "met" if self.is_met else "**missed**"


def judge(records: Iterable[Record]) -> list[Verdict]:
    """Every goal, in the order of the report."""
    known = list(records)
    return [
        *_judge_hot_mariadb(known),
        *_judge_sqlite(known),
        *_judge_kinds(known),
        *_judge_latency_alone(known),
        *_judge_the_rest(known),
    ]


def _judge_hot_mariadb(records: list[Record]) -> list[Verdict]:
    group = _at_best(records, database="mariadb", contender="group_commit", goods="hot")
    slap = _at_best(records, database="mariadb", contender="slap", goods="hot")
    original = _at_best(records, database="mariadb", contender="original", goods="hot")
    at_64 = {"database": "mariadb", "contender": "group_commit", "goods": "hot", "connections": 64}
    return [
        _at_least(
            "MariaDB, hot: group commit over HTTP ÷ `mariadb-slap` without HTTP", _rate(records, group, slap), 1.0
        ),
        _at_least(
            "MariaDB, hot: group commit ÷ the original's way (ours, measured here)",
            _rate(records, group, original),
            3.5,
        ),
        _at_most("MariaDB, hot: p99 at 64 connections", _median(records, "p99_ms", **at_64), 100, "ms"),
    ]


def _judge_sqlite(records: list[Record]) -> list[Verdict]:
    group = _at_best(records, database="sqlite", contender="group_commit", goods="hot")
    alone = _at_best(records, database="sqlite", contender="one_each", goods="hot")
    waits = _median(records, "write_p99_ms", database="sqlite", goods="worker")
    return [
        _at_least(
            "SQLite, hot: group commit ÷ one transaction for each request", _rate(records, group, alone), 3.0
        ),
        _at_most("SQLite: p99 of a second process's writes during the storm", waits, 100, "ms"),
    ]


def _judge_kinds(records: list[Record]) -> list[Verdict]:
    verdicts = []
    for database, name in (("mariadb", "MariaDB"), ("sqlite", "SQLite")):
        hot, zipf, empty = (
            {"database": database, "contender": "group_commit", "goods": goods, "connections": 64}
            for goods in ("hot", "zipf", "empty")
        )
        verdicts += [
            _at_least(f"{name}, 64 connections: a thousand products (Zipf) ÷ one", _rate(records, zipf, hot), 1.0),
            _at_least(f"{name}, 64 connections: an empty shelf ÷ a full one", _rate(records, empty, hot), 1.0),
        ]
    return verdicts


def _judge_latency_alone(records: list[Record]) -> list[Verdict]:
    verdicts = []
    for database, name in (("mariadb", "MariaDB"), ("sqlite", "SQLite")):
        alone = {"database": database, "goods": "hot", "connections": 1}
        with_groups, without = {**alone, "contender": "group_commit"}, {**alone, "contender": "one_each"}
        ratio = find_ratio(records, "p50_ms", above=with_groups, below=without)
        goal = f"{name}, one buyer at a time: p50 with group commit ÷ without"
        verdicts.append(_at_most(goal, ratio.median if ratio else None, MEASURED_NOISE, "×"))
    return verdicts


def _judge_the_rest(records: list[Record]) -> list[Verdict]:
    ratios = [
        figure.median
        for circumstances in {(one.database, one.goods) for one in records if one.part == "history"}
        if (figure := find(records, "ratio", part="history", database=circumstances[0], goods=circumstances[1]))
    ]
    return [
        _at_most(
            "History: a million movements ÷ ten thousand, slowest of the calls",
            max(ratios, default=None),
            1.5,
            "×",
        ),
        _at_most(
            "From shortage to delivery without the lead time: p50",
            _median(records, "p50_ms", part="restock"),
            150,
            "ms",
        ),
        _at_most(
            "From shortage to delivery without the lead time: p99",
            _median(records, "p99_ms", part="restock"),
            600,
            "ms",
        ),
        _at_most(
            "Memory of the backend: growth after the first tenth of the purchases", memory_growth(records), 5, "%"
        ),
        _at_most(
            "`factoauto up` on data that is there: to the first answered purchase",
            _median(records, "first_purchase_ms", part="start"),
            5000,
            "ms",
        ),
        _at_most("Idle `factoauto up`, of one core", _median(records, "core_percent", part="idle"), 5, "%"),
    ]


def memory_growth(records: Iterable[Record]) -> float | None:
    """Percent by which the memory at the end is above that after a tenth of the purchases."""
    seen = [one.numbers for one in records if one.part == "memory"]
    if len(seen) < 2:
        return None
    tenth = seen[-1]["purchases"] / 10
    start = next(numbers for numbers in seen if numbers["purchases"] >= tenth)
    return 100 * (seen[-1]["memory_mb"] / start["memory_mb"] - 1)


def _at_best(records: list[Record], **circumstances: str) -> Circumstances:
    """These circumstances, with the number of connections at which the most are sold."""

    def rate(connections: int) -> float:
        return _median(records, "per_second", connections=connections, **circumstances) or 0

    return {**circumstances, "connections": max((one.connections for one in records), key=rate, default=0)}


def _rate(records: list[Record], above: Circumstances, below: Circumstances) -> float | None:
    ratio = find_ratio(records, "per_second", above=above, below=below)
    return ratio.median if ratio else None


def _median(records: list[Record], name: str, **circumstances: Any) -> float | None:
    figure = find(records, name, **circumstances)
    return figure.median if figure else None


def _at_least(goal: str, value: float | None, limit: float) -> Verdict:
    return Verdict(goal=goal, value=value, limit=limit, is_at_least=True)


def _at_most(goal: str, value: float | None, limit: float, unit: str) -> Verdict:
    return Verdict(goal=goal, value=value, limit=limit, is_at_least=False, unit=unit)
