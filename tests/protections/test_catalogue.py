"""The catalogue is of this code: what it would take out is there, and so are the tests."""

from pathlib import Path

import pytest

from tests.protections.catalogue import PROTECTIONS
from tests.protections.protection import Protection

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("one", PROTECTIONS, ids=lambda one: one.protection)
def test_what_is_taken_out_is_there_once_and_so_is_its_test(one: Protection) -> None:
    path, _, test = one.test.partition("::")

    assert (ROOT / one.file).read_text(encoding="utf-8").count(one.there) == 1
    assert f"def {test}(" in (ROOT / path).read_text(encoding="utf-8")


def test_every_promise_of_the_architecture_has_a_protection() -> None:
    numbers = {one.promise.partition(" ")[0] for one in PROTECTIONS}

    assert {str(number) for number in range(1, 9)} < numbers
