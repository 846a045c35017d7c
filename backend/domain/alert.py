"""Alerts: what somebody has to hear of, told on the edge: once when it begins, once when it is over.

An alert counts its changes: odd is raised, even is cleared. It remembers the count that was last told, so that
what is still to be told is the difference, and nothing is told twice or forgotten.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class AlertKind(StrEnum):
    """What can be wrong."""

    OUT_OF_STOCK = "out_of_stock"
    DEAD_LETTER = "dead_letter"
    OVERDUE = "overdue"
    DRIFT = "drift"


@dataclass(frozen=True, slots=True)
class AlertPace:
    """How often is looked and told.

    ``quiet`` is the least time between two notices that the same thing has begun, ``gather`` that between two
    webhook messages, ``drift_every`` that between two looks at the whole ledger.
    """

    quiet: timedelta
    gather: timedelta
    drift_every: timedelta


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that is wrong now. ``subject`` is the sku, or the id of the replenishment."""

    kind: AlertKind
    subject: str
    sku: str
    detail: str


@dataclass(frozen=True, slots=True)
class Alert:
    """A condition with its history. ``told_at`` is when it was last told that it had begun. Times are UTC."""

    id: int
    kind: AlertKind
    subject: str
    sku: str
    detail: str
    raised_at: datetime
    cleared_at: datetime | None
    changes: int
    told_changes: int
    told_at: datetime | None

    @property
    def is_active(self) -> bool:
        """Whether it still holds."""
        return self.cleared_at is None

    @property
    def crossings(self) -> int:
        """How often it began since it was last told of."""
        return (self.changes + 1) // 2 - (self.told_changes + 1) // 2


@dataclass(frozen=True, slots=True)
class Crossings:
    """What has begun, and what is over."""

    raised: list[Condition]
    cleared: list[Alert]

    def __bool__(self) -> bool:
        return bool(self.raised or self.cleared)


def find_crossings(*, conditions: Iterable[Condition], active: Iterable[Alert]) -> Crossings:
    """Compare what is wrong now with the alerts that are active, of the same kinds."""
    wrong = {(one.kind, one.subject): one for one in conditions}
    known = {(one.kind, one.subject): one for one in active}
    return Crossings(
        raised=[one for key, one in wrong.items() if key not in known],
        cleared=[one for key, one in known.items() if key not in wrong],
    )


def notice_due_at(
    *, is_active: bool, told_changes: int, told_at: datetime | None, now: datetime, quiet: timedelta
) -> datetime:
    """When a change that happens now may be told.

    That it is over is told at once to who was told that it had begun. Everything else waits until ``quiet`` has
    passed since a beginning was told: what flickers makes one notice in that time, not one for each flicker.
    """
    was_told_of_it = told_changes % 2 == 1
    if told_at is None or (was_told_of_it and not is_active):
        return now
    return max(now, told_at + quiet)
