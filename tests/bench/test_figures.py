"""The bench's arithmetic."""

from tests.bench.figures import Figure, find, percentile
from tests.bench.records import Record


def test_a_figure_is_the_median_of_the_rounds_with_the_least_and_the_most() -> None:
    assert Figure.of([5, 1, 9]) == Figure(median=5, least=1, most=9)


def test_a_percentile_is_a_value_that_was_measured() -> None:
    hundred = list(range(100, 0, -1))

    assert (percentile(hundred, 50), percentile(hundred, 99), percentile(hundred, 100)) == (50, 99, 100)
    assert percentile([7], 99) == 7


def test_only_records_of_the_same_circumstances_make_a_figure() -> None:
    records = [
        Record(part="storm", database=database, goods="hot", connections=connections, numbers={"per_second": rate})
        for database, connections, rate in [
            ("mariadb", 64, 10),
            ("mariadb", 64, 30),
            ("mariadb", 1, 5),
            ("sqlite", 64, 99),
        ]
    ]

    assert find(records, "per_second", database="mariadb", connections=64) == Figure(20, 10, 30)
    assert find(records, "per_second", database="mariadb", goods="zipf") is None
    assert find(records, "p99_ms", database="mariadb") is None
