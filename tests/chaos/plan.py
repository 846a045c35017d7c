"""What breaks when: drawn from the seed alone, so that the same seed is the same bad day."""

import random
from collections import Counter
from dataclasses import dataclass
from typing import Any

BACKENDS = ("backend-0", "backend-1")
WORKERS = ("worker-0", "worker-1", "worker-2")
SERVERS = ("database", "aws", "factory")
PROCESSES = (*BACKENDS, *WORKERS, *SERVERS)
LINES = (
    "shop line",
    "callback line",
    "backend database line",
    "worker database line",
    "queue line",
    "factory line",
)
SWITCHES: dict[str, dict[str, Any]] = {
    "factory outage": {"refuse": {"status": 503}},
    "factory does not answer": {"time_out": {"seconds": 10.0}},
    "slow answers": {"slow_answer": {"seconds": 1.5}},
    "lost callbacks": {"no_callback": {}},
    "double callbacks": {"double_callback": {}},
    "late callbacks": {"late_callback": {"seconds": 2.0}},
    "partial callbacks": {"partial_callback": {"parts": 3}},
    "reordered callbacks": {"partial_callback": {"parts": 4}, "reordered_callback": {}},
    "too many delivered": {"wrong_count": {"difference": 999}},
    "forged callbacks": {"forged_signature": {}},
}
"""The factory mock's switches, by what they do to the shop. A count that is wrong and could be right is not
among them: the shop takes a factory at its word as long as it delivers no more than was ordered."""
KINDS: dict[str, tuple[str, ...]] = {
    "kill": PROCESSES,
    "kill only the parent": (*BACKENDS, "factory"),
    "kill only the child": BACKENDS,
    "freeze": PROCESSES,
    "cut": LINES,
    "down": LINES,
    "slow": LINES,
    "silent": LINES,
    "read-only": ("database",),
    "double messages": ("aws",),
    **dict.fromkeys(SWITCHES, ("factory switches",)),
}
"""Every kind of fault, and what it can befall."""
OFTEN = ("kill", "kill", "freeze")
"""Which of them come more often, and how much."""
PAUSE_SECONDS = (0.4, 1.8)
LASTS_SECONDS = (0.5, 5.0)
RECOVERY_SECONDS = 3.0
"""How long a thing is left alone after it was mended: to be started again takes a moment."""


@dataclass(frozen=True)
class Fault:
    """Something that breaks ``at`` so many seconds after the start, and is mended after ``lasts``."""

    at: float
    kind: str
    target: str
    lasts: float

    def __str__(self) -> str:
        """As a journal has it."""
        return f"{self.at:7.1f} s  {self.kind}: {self.target}, for {self.lasts:.1f} s"


def plan_faults(*, seed: int, seconds: float) -> list[Fault]:
    """The faults of one run, in order of time; every kind and every target has its turn, and one at a time."""
    draw = random.Random(f"faults {seed}")
    free_at = dict.fromkeys({target for targets in KINDS.values() for target in targets}, 0.0)
    befallen: Counter[tuple[str, str]] = Counter()
    kinds: list[str] = []
    faults: list[Fault] = []
    at = draw.uniform(*PAUSE_SECONDS)
    while at < seconds:
        kinds = kinds or draw.sample([*KINDS, *OFTEN], len(KINDS) + len(OFTEN))
        possible = [(kind, target) for kind in kinds for target in KINDS[kind] if free_at[target] <= at]
        if possible:
            kind = possible[0][0]
            targets = [target for one, target in possible if one == kind]
            target = min(targets, key=lambda one: (befallen[kind, one], draw.random()))
            lasts = min(draw.uniform(*LASTS_SECONDS), seconds - at)
            faults.append(Fault(at=round(at, 2), kind=kind, target=target, lasts=round(lasts, 2)))
            kinds.remove(kind)
            befallen[kind, target] += 1
            free_at[target] = at + lasts + (0 if kind in SWITCHES else RECOVERY_SECONDS)
        at += draw.uniform(*PAUSE_SECONDS)
    return faults
