"""What the backend last said, shared by all sessions: twenty of them ask it no more often than one."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import streamlit as st

from dashboard.client import Result, client

KEPT = 256
"""answers that are shown on while the backend is gone"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """An answer, or the last one there was. ``data`` and ``at`` are None when there never was any."""

    data: Any
    at: datetime | None
    live: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.data is not None


class LastAnswers:
    """The last good answer to each question, of the ``KEPT`` that were answered last. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[str, Result] = OrderedDict()

    def keep(self, name: str, result: Result) -> None:
        """Remember this answer, and forget the oldest where there are too many."""
        with self._lock:
            self._answers[name] = result
            self._answers.move_to_end(name)
            while len(self._answers) > KEPT:
                self._answers.popitem(last=False)

    def get(self, name: str) -> Result | None:
        """The last answer to this question that is still remembered."""
        with self._lock:
            return self._answers.get(name)


@st.cache_resource
def _last_answers() -> LastAnswers:
    return LastAnswers()


def snapshot(path: str, *, since_minutes: int = 0, operator: bool = False, **params: Any) -> Snapshot:
    """The answer of a path, at most a second old; the last good one when the backend is gone.

    ``since_minutes`` makes the parameter ``from``, so long before now.
    """
    result = _ask(path, since_minutes, operator, params)
    return _remembering(f"{path} {since_minutes} {sorted(params.items())}", result)


def slow_snapshot(path: str, *, since_minutes: int = 0, **params: Any) -> Snapshot:
    """As ``snapshot``, at most five seconds old: for what is costly and changes slowly."""
    result = _ask_seldom(path, since_minutes, params)
    return _remembering(f"{path} {since_minutes} {sorted(params.items())}", result)


def forget_recent() -> None:
    """Ask anew at once: something was just changed here."""
    _ask.clear()
    _ask_seldom.clear()


def _remembering(name: str, result: Result) -> Snapshot:
    answers = _last_answers()
    if result.ok:
        answers.keep(name, result)
        return Snapshot(data=result.data, at=result.at, live=True)
    reason = result.reason if result.error == "problem" else ""
    last = answers.get(name)
    if last is None:
        return Snapshot(data=None, at=None, live=False, reason=reason)
    return Snapshot(data=last.data, at=last.at, live=False, reason=reason)


@st.cache_data(ttl=1, max_entries=KEPT, show_spinner=False)
def _ask(path: str, since_minutes: int, operator: bool, params: dict[str, Any]) -> Result:
    return client().get(path, _with_from(params, since_minutes), operator=operator)


@st.cache_data(ttl=5, max_entries=KEPT, show_spinner=False)
def _ask_seldom(path: str, since_minutes: int, params: dict[str, Any]) -> Result:
    return client().get(path, _with_from(params, since_minutes))


def _with_from(params: dict[str, Any], since_minutes: int) -> dict[str, Any]:
    if not since_minutes:
        return params
    start = datetime.now(UTC) - timedelta(minutes=since_minutes)
    return params | {"from": f"{start:%Y-%m-%dT%H:%M:%S}Z"}
