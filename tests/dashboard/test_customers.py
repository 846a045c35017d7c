"""The customers of a rush hour."""

import threading

import pytest

from dashboard.simulator.customers import (
    LANES,
    MOST_PER_SECOND,
    PATIENCE_SECONDS,
    UNANSWERED_LIMIT,
    Arrivals,
    Outcome,
    RushHour,
)
from tests.servers.waiting import wait_until


class Till:
    """Takes purchases and answers all of them the same."""

    def __init__(self, outcome: Outcome = "sold") -> None:
        self.outcome = outcome
        self.bought: list[tuple[str, int]] = []

    def __call__(self, sku: str, quantity: int) -> Outcome:
        self.bought.append((sku, quantity))
        return self.outcome


def _over(rush: RushHour) -> None:
    wait_until(lambda: not rush.progress().running, seconds=20, what="the rush hour to end by itself")


def test_a_rush_hour_ends_by_itself_and_counts_everybody() -> None:
    till = Till()
    rush = RushHour(till)

    rush.start(per_second=50, seconds=0.5, mix={"A": 1})
    assert rush.progress().running
    _over(rush)

    assert rush.progress().customers == rush.progress().sold == len(till.bought)
    assert rush.progress().remaining_seconds == 0


def test_nobody_asks_for_more_than_the_simulator_may_send() -> None:
    """Ten times what is allowed brings what is allowed: in half a second some twenty-five, never hundreds."""
    till = Till()
    rush = RushHour(till)

    rush.start(per_second=MOST_PER_SECOND * 10, seconds=0.5, mix={"A": 1})
    _over(rush)

    assert len(till.bought) < MOST_PER_SECOND * 2


def test_the_mix_says_what_is_bought() -> None:
    till = Till()
    rush = RushHour(till)

    rush.start(per_second=50, seconds=20, mix={"A": 1, "B": 3, "C": 0})
    wait_until(lambda: {sku for sku, _ in till.bought} == {"A", "B"}, seconds=20, what="both to be bought")
    rush.stop()

    assert "C" not in {sku for sku, _ in till.bought}
    assert {quantity for _, quantity in till.bought} <= {1, 2, 3}


def test_after_stop_nobody_buys() -> None:
    till = Till()
    rush = RushHour(till)
    rush.start(per_second=50, seconds=60, mix={"A": 1})
    wait_until(lambda: till.bought, seconds=20, what="the first customer")

    rush.stop()

    count = len(till.bought)
    assert not rush.progress().running
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("rush-hour")]
    assert len(till.bought) == count


def test_starting_again_ends_what_runs() -> None:
    rush = RushHour(Till())
    rush.start(per_second=50, seconds=60, mix={"A": 1})

    rush.start(per_second=50, seconds=60, mix={"A": 1})

    lanes = [thread for thread in threading.enumerate() if thread.name.startswith("rush-hour")]
    assert len(lanes) == LANES
    rush.stop()


def test_sessions_that_start_together_leave_one_run() -> None:
    sessions, rounds = 8, 20
    rush = RushHour(Till())
    together = threading.Barrier(sessions)
    failures: list[Exception] = []

    def press_start() -> None:
        try:
            for _ in range(rounds):
                together.wait()
                rush.start(per_second=50, seconds=60, mix={"A": 1})
        except Exception as error:
            failures.append(error)
            together.abort()

    pressing = [threading.Thread(target=press_start) for _ in range(sessions)]
    for thread in pressing:
        thread.start()
    for thread in pressing:
        thread.join()

    lanes = [thread for thread in threading.enumerate() if thread.name.startswith("rush-hour")]
    assert failures == []
    assert len(lanes) == LANES
    rush.stop()
    assert not any(thread.is_alive() for thread in lanes)


def _served(arrivals: Arrivals, *, service_seconds: float, until: float) -> list[float]:
    """When each of the customers of a lane who came until then was served; its clock runs while it works."""
    now, served = 0.0, []
    while max(now, comes_at := arrivals.next(now=now)) < until:
        served.append(max(now, comes_at))
        now = served[-1] + service_seconds
    return served


@pytest.mark.parametrize("service_seconds", [0, 0.0625, 0.125])
def test_customers_come_as_often_as_chosen_however_long_a_purchase_takes(service_seconds: float) -> None:
    served = _served(Arrivals(lambda: 0.125, begins_at=0), service_seconds=service_seconds, until=60)

    assert len(served) == 60 * 8 - 1


def test_who_came_while_the_lane_was_busy_buys_at_once() -> None:
    gaps = iter([1.0, 0.25, 0.25, 2.0])

    served = _served(Arrivals(lambda: next(gaps), begins_at=0), service_seconds=0.75, until=3)

    assert served == [1.0, 1.75, 2.5]


def test_after_a_stall_nobody_buys_who_came_longer_ago_than_customers_wait() -> None:
    arrivals = Arrivals(lambda: 0.125, begins_at=0)

    behind = [arrivals.next(now=600) for _ in range(10)]

    assert behind[0] == 600 - PATIENCE_SECONDS
    assert sum(comes_at <= 600 for comes_at in behind) == PATIENCE_SECONDS * 8 + 1


def test_it_ends_when_nobody_is_answered() -> None:
    till = Till("unanswered")
    rush = RushHour(till)

    rush.start(per_second=50, seconds=60, mix={"A": 1})
    _over(rush)
    rush.stop()

    assert UNANSWERED_LIMIT <= rush.progress().unanswered <= UNANSWERED_LIMIT + LANES


def test_without_anything_to_buy_nobody_comes() -> None:
    rush = RushHour(Till())

    rush.start(per_second=50, seconds=60, mix={"A": 0})

    assert not rush.progress().running
