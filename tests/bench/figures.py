"""From several rounds to one figure: the median, and how far the rounds lay apart."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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


def list_values(
    records: Iterable[Record],
    name: str,
    *,
    database: str | None = None,
    contender: str | None = None,
    part: str = "storm",
    goods: str | None = None,
    connections: int | None = None,
) -> list[float]:
    """A number in the records of these circumstances, by round."""
    return [
        record.numbers[name]
        for record in records
        if record.part == part
        and database in (None, record.database)
        and contender in (None, record.contender)
        and goods in (None, record.goods)
        and connections in (None, record.connections)
        and name in record.numbers
    ]


def find(records: Iterable[Record], name: str, **circumstances: Any) -> Figure | None:
    """The figure of a number over the records of these circumstances; None where nothing was measured."""
    values = list_values(records, name, **circumstances)
    return Figure.of(values) if values else None


Circumstances = Mapping[str, Any]
"""Keywords of ``list_values()``."""


def find_ratio(
    records: Sequence[Record], name: str, *, above: Circumstances, below: Circumstances
) -> Figure | None:
    """The ratio of two numbers, each divided within its round: a machine's good and bad minutes cancel out."""
    pairs = zip(list_values(records, name, **above), list_values(records, name, **below), strict=False)
    ratios = [one / other for one, other in pairs]
    return Figure.of(ratios) if ratios else None
