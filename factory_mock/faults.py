"""The simulator's switches, as they are set and shown: what a bad day brings, on purpose, and how often."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Seconds = Annotated[float, Field(gt=0, le=120, allow_inf_nan=False)]


class Fault(BaseModel):
    """A switch that is on. `times` counts down; null is until it is switched off."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    times: Annotated[int, Field(ge=1, le=1_000_000)] | None = None


class Refuse(Fault):
    """Refuse orders with this status."""

    status: int = Field(503, ge=400, le=599)


class TimeOut(Fault):
    """Take no order, and leave the caller without an answer for so long."""

    seconds: Seconds = 30


class SlowAnswer(Fault):
    """Take the order, and answer that much later."""

    seconds: Seconds = 3


class LateCallback(Fault):
    """Call back that much later than the lead time."""

    seconds: Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False)] = 10


class PartialCallback(Fault):
    """Deliver in so many parts, each a delivery of its own."""

    parts: int = Field(2, ge=2, le=20)


class WrongCount(Fault):
    """Report that many more than is delivered, or fewer."""

    difference: Annotated[int, Field(ge=-1_000, le=1_000)] = 1


class Faults(BaseModel):
    """Every switch; null is off."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    refuse: Refuse | None = None
    time_out: TimeOut | None = None
    slow_answer: SlowAnswer | None = None
    no_callback: Fault | None = None
    double_callback: Fault | None = None
    late_callback: LateCallback | None = None
    partial_callback: PartialCallback | None = None
    reordered_callback: Fault | None = None
    wrong_count: WrongCount | None = None
    forged_signature: Fault | None = None
