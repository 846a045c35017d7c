"""The simulator's switches at work: what they do to an order, and to a callback."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TypeVar

from factory_mock.faults import (
    Fault,
    Faults,
    LateCallback,
    PartialCallback,
    Refuse,
    SlowAnswer,
    TimeOut,
    WrongCount,
)

F = TypeVar("F", bound=Fault)


class SimulatedRefusal(Exception):
    """An order was refused because a switch says so."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, kw_only=True)
class CallbackPlan:
    """How one sending of an order is to go wrong; the default is that it does not."""

    withheld: bool = False
    copies: int = 1
    late_seconds: float = 0.0
    parts: int = 1
    reordered: bool = False
    difference: int = 0
    forged: bool = False


class FaultPanel:
    """The switches as they stand, for every thread.

    `places` bounds how many callers are kept waiting at a time, so that the switches can always be reached;
    who finds no place is answered at once.
    """

    def __init__(self, *, places: int = 8) -> None:
        self._changed = threading.Condition()
        self._faults = Faults()
        self._generation = 0
        self._places = threading.Semaphore(places)

    def read(self) -> Faults:
        """Return every switch as it stands."""
        with self._changed:
            return self._faults

    def switch(self, faults: Faults) -> Faults:
        """Set every switch at once, release whoever the old ones keep waiting, and return the new ones."""
        with self._changed:
            self._faults = faults
            self._generation += 1
            self._changed.notify_all()
            return faults

    def before_order(self) -> None:
        """Refuse an order, perhaps only after keeping its sender waiting, if a switch says so.

        Raises SimulatedRefusal.
        """
        generation = self._generation
        if refuse := self._take("refuse", Refuse):
            raise SimulatedRefusal(refuse.status)
        if time_out := self._take("time_out", TimeOut):
            self._keep_waiting(time_out.seconds, generation)
            raise SimulatedRefusal(504)

    def before_answer(self) -> None:
        """Keep the sender of an order that was taken waiting for its answer, if a switch says so."""
        generation = self._generation
        if slow := self._take("slow_answer", SlowAnswer):
            self._keep_waiting(slow.seconds, generation)

    def plan_callback(self) -> CallbackPlan:
        """Decide how the next sending goes, and count down the switches that spoil it."""
        if self._take("no_callback", Fault):
            return CallbackPlan(withheld=True)
        late = self._take("late_callback", LateCallback)
        partial = self._take("partial_callback", PartialCallback)
        wrong = self._take("wrong_count", WrongCount)
        return CallbackPlan(
            copies=2 if self._take("double_callback", Fault) else 1,
            late_seconds=late.seconds if late else 0.0,
            parts=partial.parts if partial else 1,
            reordered=self._take("reordered_callback", Fault) is not None,
            difference=wrong.difference if wrong else 0,
            forged=self._take("forged_signature", Fault) is not None,
        )

    def _take(self, name: str, kind: type[F]) -> F | None:
        """Return the switch if it is on, counted down by one."""
        with self._changed:
            fault = getattr(self._faults, name)
            if not isinstance(fault, kind):
                return None
            if fault.times is not None:
                left = fault.model_copy(update={"times": fault.times - 1}) if fault.times > 1 else None
                self._faults = self._faults.model_copy(update={name: left})
            return fault

    def _keep_waiting(self, seconds: float, generation: int) -> None:
        """Wait so long, or until the switches are set anew."""
        if not self._places.acquire(blocking=False):
            return
        try:
            with self._changed:
                self._changed.wait_for(lambda: self._generation != generation, timeout=seconds)
        finally:
            self._places.release()
