"""How much time somebody has left, so that what would not end in time is not begun."""

import math
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TimeBudget:
    """Time that runs out; ``seconds_left`` says how much there is whenever it is asked."""

    seconds_left: Callable[[], float]

    def has(self, seconds: float) -> bool:
        """Whether what may take so many seconds would end in time."""
        return self.seconds_left() >= seconds

    def less(self, seconds: float) -> "TimeBudget":
        """The same, with so many seconds kept for what comes afterwards."""
        return TimeBudget(lambda: self.seconds_left() - seconds)


UNLIMITED = TimeBudget(lambda: math.inf)
