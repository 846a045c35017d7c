"""The goals that the project set itself, each met or missed by the numbers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.bench.figures import Figure, find
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
    all_records = list(records)

    def best(name: str = "per_second", **circumstances: str) -> float | None:
        """The best median over the numbers of connections."""
        connections = {record.connections for record in all_records}
        figures = (find(all_records, name, connections=one, **circumstances) for one in connections)
        return max((figure.median for figure in figures if figure), default=None)

    def median(name: str, **circumstances: object) -> float | None:
        figure: Figure | None = find(all_records, name, **circumstances)  # type: ignore[arg-type]
        return figure.median if figure else None

    group = best(database="mariadb", contender="group_commit", goods="hot")
    lite = best(database="sqlite", contender="group_commit", goods="hot")
    return [
        *_judge_hot_mariadb(group=group, best=best, median=median),
        *_judge_sqlite(lite=lite, best=best, median=median),
        *_judge_kinds(median=median),
        *_judge_latency_alone(median=median),
        *_judge_the_rest(all_records, median=median),
    ]


Find = Callable[..., float | None]


def _judge_hot_mariadb(*, group: float | None, best: Find, median: Find) -> list[Verdict]:
    slap = median("per_second", contender="slap", goods="hot")
    original = best(database="mariadb", contender="original", goods="hot")
    p99 = median("p99_ms", database="mariadb", contender="group_commit", goods="hot", connections=64)
    return [
        _at_least("MariaDB, hot: group commit over HTTP ÷ `mariadb-slap` without HTTP", group, slap, 1.0),
        _at_least("MariaDB, hot: group commit ÷ the original's way (ours, measured here)", group, original, 3.5),
        _at_most("MariaDB, hot: p99 at 64 connections", p99, 100, "ms"),
    ]


def _judge_sqlite(*, lite: float | None, best: Find, median: Find) -> list[Verdict]:
    alone = best(database="sqlite", contender="one_each", goods="hot")
    waits = median("write_p99_ms", database="sqlite", goods="worker")
    return [
        _at_least("SQLite, hot: group commit ÷ one transaction for each request", lite, alone, 3.0),
        _at_most("SQLite: p99 of a second process's writes during the storm", waits, 100, "ms"),
    ]


def _judge_kinds(*, median: Find) -> list[Verdict]:
    verdicts = []
    for database, name in (("mariadb", "MariaDB"), ("sqlite", "SQLite")):
        at_64 = {"database": database, "contender": "group_commit", "connections": 64}
        hot = median("per_second", goods="hot", **at_64)
        zipf = median("per_second", goods="zipf", **at_64)
        empty = median("per_second", goods="empty", **at_64)
        verdicts += [
            _at_least(f"{name}, 64 connections: a thousand products (Zipf) ÷ one", zipf, hot, 1.0),
            _at_least(f"{name}, 64 connections: an empty shelf ÷ a full one", empty, hot, 1.0),
        ]
    return verdicts


def _judge_latency_alone(*, median: Find) -> list[Verdict]:
    verdicts = []
    for database, name in (("mariadb", "MariaDB"), ("sqlite", "SQLite")):
        alone = {"database": database, "goods": "hot", "connections": 1}
        with_groups = median("p50_ms", contender="group_commit", **alone)
        without = median("p50_ms", contender="one_each", **alone)
        value = with_groups / without if with_groups and without else None
        goal = f"{name}, one buyer at a time: p50 with group commit ÷ without"
        verdicts.append(_at_most(goal, value, MEASURED_NOISE, "×"))
    return verdicts


def _judge_the_rest(records: list[Record], *, median: Find) -> list[Verdict]:
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
            "From shortage to delivery without the lead time: p50", median("p50_ms", part="restock"), 150, "ms"
        ),
        _at_most(
            "From shortage to delivery without the lead time: p99", median("p99_ms", part="restock"), 600, "ms"
        ),
        _at_most(
            "Memory of the backend: growth after the first tenth of the purchases", memory_growth(records), 5, "%"
        ),
        _at_most("Idle `factoauto up`, of one core", median("core_percent", part="idle"), 5, "%"),
    ]


def memory_growth(records: Iterable[Record]) -> float | None:
    """Percent by which the memory at the end is above that after a tenth of the purchases."""
    seen = [one.numbers for one in records if one.part == "memory"]
    if len(seen) < 2:
        return None
    tenth = seen[-1]["purchases"] / 10
    start = next(numbers for numbers in seen if numbers["purchases"] >= tenth)
    return 100 * (seen[-1]["memory_mb"] / start["memory_mb"] - 1)


def _at_least(goal: str, above: float | None, below: float | None, limit: float) -> Verdict:
    value = above / below if above and below else None
    return Verdict(goal=goal, value=value, limit=limit, is_at_least=True)


def _at_most(goal: str, value: float | None, limit: float, unit: str) -> Verdict:
    return Verdict(goal=goal, value=value, limit=limit, is_at_least=False, unit=unit)
