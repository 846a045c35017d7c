"""A seeded few of the requests that ``make fuzz`` sends by the thousand."""

from collections.abc import Iterator

import pytest

from tests.fuzzing.attack import ATTACKS, Attack, attack
from tests.servers.shop import Shop

SEED = 20261125
EXAMPLES = 8
PHASES = {"the shop's API": "stateful", "the factory's API": "coverage,stateful"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop to be treated badly."""
    started = Shop(tmp_path_factory.mktemp("fuzzed") / "var")
    started.environment |= {"FACTOAUTO_LOG_LEVEL": "ERROR", "FACTOAUTO_LEAD_TIME_SECONDS": "0.1"}
    started.start()
    yield started
    started.stop()


@pytest.mark.parametrize("planned", ATTACKS, ids=[one.name for one in ATTACKS])
def test_no_generated_call_fails_or_gets_an_answer_that_is_not_documented(shop: Shop, planned: Attack) -> None:
    phases = PHASES.get(planned.name, "fuzzing")

    found = attack(shop, planned, examples=EXAMPLES, seed=SEED, phases=phases)

    assert found.is_clean, found.report
    assert found.requests > EXAMPLES
