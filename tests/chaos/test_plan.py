"""The plan of a chaos run: the seed says everything."""

from itertools import pairwise

import pytest

from tests.chaos.plan import KINDS, PROCESSES, plan_faults

SEEDS = range(20)


def test_the_same_seed_is_the_same_plan_and_another_is_another() -> None:
    assert plan_faults(seed=7, seconds=60) == plan_faults(seed=7, seconds=60)
    assert plan_faults(seed=7, seconds=60) != plan_faults(seed=8, seconds=60)


def test_a_longer_plan_begins_as_the_shorter_one_does() -> None:
    short, long = plan_faults(seed=7, seconds=60), plan_faults(seed=7, seconds=120)

    assert [(fault.at, fault.kind, fault.target) for fault in long[: len(short)]] == [
        (fault.at, fault.kind, fault.target) for fault in short
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_minute_has_every_kind_of_fault(seed: int) -> None:
    assert {fault.kind for fault in plan_faults(seed=seed, seconds=60)} == set(KINDS)


@pytest.mark.parametrize("seed", SEEDS)
def test_ten_minutes_kill_and_freeze_everything(seed: int) -> None:
    plan = plan_faults(seed=seed, seconds=600)

    for kind in ("kill", "freeze"):
        assert {fault.target for fault in plan if fault.kind == kind} == set(PROCESSES)


@pytest.mark.parametrize("seed", SEEDS)
def test_everything_is_mended_before_the_end_and_before_it_breaks_again(seed: int) -> None:
    plan = plan_faults(seed=seed, seconds=600)

    assert all(fault.at + fault.lasts <= 600.02 for fault in plan)
    for target in {fault.target for fault in plan}:
        own = [fault for fault in plan if fault.target == target]
        assert all(first.at + first.lasts <= then.at + 0.02 for first, then in pairwise(own))
