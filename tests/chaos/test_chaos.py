"""A minute of chaos. The longest test there is: `make chaos` runs it for as long as one likes."""

from pathlib import Path

import pytest

from tests.chaos.run import run

SECONDS = 60
SEED = 1


@pytest.mark.timeout(240)
def test_after_a_minute_of_chaos_nothing_is_lost_and_nothing_was_done_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = run(seed=SEED, seconds=SECONDS, folder=tmp_path / "chaos")

    with capsys.disabled():
        print(f"\n{figures}")  # noqa: T201
