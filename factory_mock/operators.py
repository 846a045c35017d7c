"""Who may touch the switches: bearer tokens, compared in constant time, and guessing made slow."""

from __future__ import annotations

import hmac
import threading
import time
from collections.abc import Callable, Sequence

WINDOW_SECONDS = 60.0
FAILURES_ALLOWED = 10
_CLIENTS_REMEMBERED = 1_000


class NoOperatorConfigured(Exception):
    """There is no operator token, so nobody can be an operator."""


class NotAnOperator(Exception):
    """The call carries no operator token, or none that is valid."""


class TooManyFailures(Exception):
    """The client sent too many wrong tokens; `retry_after` is in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


class Operators:
    """The operators and their tokens, newest first."""

    def __init__(self, tokens: Sequence[tuple[str, str]], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._tokens = tuple((name, token.encode()) for name, token in tokens)
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: dict[str, tuple[int, float]] = {}

    def identify(self, *, authorization: str | None, client: str) -> str:
        """Return the name of the operator whose token the Authorization header carries.

        A client that has guessed wrong too often is not even listened to until its minute is over, or it
        could go on guessing. Raises NoOperatorConfigured, NotAnOperator, TooManyFailures.
        """
        if not self._tokens:
            raise NoOperatorConfigured
        self._refuse_who_failed_too_often(client)
        scheme, _, given = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not given.strip():
            raise NotAnOperator
        secret = given.strip().encode("utf-8", "surrogateescape")
        names = [name for name, token in self._tokens if hmac.compare_digest(token, secret)]
        if not names:
            self._note_failure(client)
            raise NotAnOperator
        return names[0]

    def _refuse_who_failed_too_often(self, client: str) -> None:
        with self._lock:
            failures, since = self._failures.get(client, (0, 0.0))
            left = since + WINDOW_SECONDS - self._clock()
            if left <= 0:
                self._failures.pop(client, None)
            elif failures >= FAILURES_ALLOWED:
                raise TooManyFailures(int(left) + 1)

    def _note_failure(self, client: str) -> None:
        with self._lock:
            failures, since = self._failures.pop(client, (0, self._clock()))
            self._failures[client] = (failures + 1, since)
            while len(self._failures) > _CLIENTS_REMEMBERED:
                self._failures.pop(next(iter(self._failures)))
