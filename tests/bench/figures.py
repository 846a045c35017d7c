"""From several rounds to one figure: the median, and how far the rounds lay apart."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.bench.records import Record


@dataclass(frozen=True)
class Figure:
    """The median of several rounds, the least and the most."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Figure":
        """The figure of at least one value."""
        return cls(median=statistics.median(values), least=min(values), most=max(values))


def percentile(values: Iterable[float], percent: float) -> float:
    """The least value that so many percent of the values do not exceed."""
    ordered = sorted(values)
    rank = max(1, -(-len(ordered) * percent // 100))
    return ordered[int(rank) - 1]


def find(
    records: Iterable[Record],
    name: str,
    *,
    database: str | None = None,
    contender: str | None = None,
    part: str = "storm",
    goods: str | None = None,
    connections: int | None = None,
) -> Figure | None:
    """The figure of a number over the records of these circumstances; None where nothing was measured."""
    values = [
        record.numbers[name]
        for record in records
        if record.part == part
        and database in (None, record.database)
        and contender in (None, record.contender)
        and goods in (None, record.goods)
        and connections in (None, record.connections)
        and name in record.numbers
    ]
    return Figure.of(values) if values else None
