"""Who carries out a plan keeps to one fault at a time for each target."""

import threading
from typing import Any, cast

from tests.chaos.plan import Fault
from tests.chaos.stage import Stage
from tests.chaos.strikes import Strikes

LONG_ENOUGH_SECONDS = 0.5


class _SlowLine:
    """Takes its time to go down: as long as it takes a second strike to come in between."""

    def __init__(self) -> None:
        self.happened: list[str] = []
        self._struck_twice = threading.Event()

    def go_down(self) -> None:
        if "goes down" in self.happened:
            self._struck_twice.set()
        self.happened.append("goes down")
        self._struck_twice.wait(LONG_ENOUGH_SECONDS)
        self.happened.append("is down")

    def come_back(self) -> None:
        self.happened.append("is back")


def _stage(lines: dict[str, _SlowLine]) -> Stage:
    nobody: Any = None
    return Stage(nobody, nobody, nobody, nobody, programs={}, lines=cast("Any", lines), ports={}, books_url="")


def test_a_target_is_left_alone_until_it_is_mended_even_where_that_takes_longer_than_planned() -> None:
    line = _SlowLine()
    plan = [Fault(at=at, kind="down", target="shop line", lasts=0.0) for at in (0.0, 0.01)]

    Strikes(_stage({"shop line": line})).carry_out(plan)

    assert line.happened == ["goes down", "is down", "is back"] * 2


def test_two_targets_are_struck_at_once() -> None:
    both_down = threading.Barrier(2, timeout=10)

    class Line(_SlowLine):
        def go_down(self) -> None:
            both_down.wait()

    lines: dict[str, _SlowLine] = {"shop line": Line(), "queue line": Line()}
    plan = [Fault(at=0.0, kind="down", target=name, lasts=0.0) for name in lines]

    Strikes(_stage(lines)).carry_out(plan)

    assert [line.happened for line in lines.values()] == [["is back"], ["is back"]]
