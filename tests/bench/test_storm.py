"""What wrk says is read as it was meant."""

import pytest

from tests.bench.shop import PRODUCTS, draw_skus
from tests.bench.storm import Storm, read_report

SAID = """\
Running 2s test @ http://127.0.0.1:8000/send
BENCH {"microseconds": 2000000, "answered": 8000, "refused": 3, "broken": 1, "slow": 2, "p50_us": 1500, \
"p99_us": 9000, "longest_us": 12000}
"""


def test_the_last_line_of_wrk_is_the_storm() -> None:
    storm = read_report(SAID, connections=64)

    assert storm == Storm(
        connections=64, seconds=2, answered=8000, refused=3, broken=1, slow=2, p50_ms=1.5, p99_ms=9, longest_ms=12
    )
    assert storm.per_second == 4000


def test_a_wrk_that_does_not_report_is_an_error() -> None:
    with pytest.raises(ValueError, match="unable to connect"):
        read_report("unable to connect to 127.0.0.1:8000", connections=1)


def test_by_zipfs_law_the_second_product_is_wanted_half_as_often_as_the_first() -> None:
    wanted = draw_skus("zipf", count=100_000)

    first, second = wanted.count("BENCH-0000"), wanted.count("BENCH-0001")

    assert 0.45 < second / first < 0.55
    assert len(set(wanted)) > PRODUCTS * 0.9
    assert wanted == draw_skus("zipf", count=100_000)
