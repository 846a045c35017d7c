"""Whoever sends a body slowly, or never, keeps some threads waiting, but not all of them.

The server hands a request to a thread as soon as it has the headers, and there is no way to give up a read. So
only so many threads may wait for bodies; the others go on answering, if only that it is too much now. A gateway
before the server that waits for whole bodies itself keeps even those from being held.
"""

import time
from collections.abc import Iterable
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import ClientDisconnected

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATIENCE_SECONDS = 0.25
"""How long to wait for another's body to arrive: on a good day, thousands of times what it takes."""
CLOSED_SECONDS = 1.0
"""How long nobody is patient any more, once somebody waited in vain."""


class TooManySlowBodies(ClientDisconnected):
    """As many bodies are waited for as may be; this one is not read, not even to be thrown away."""

    code = 503
    description = "too many requests are slow to send their bodies; send the request again in a moment"


class Turns:
    """So many may wait for a body at the same time."""

    def __init__(self, *, threads: int) -> None:
        """Keep a quarter of the threads, one at least, out of it; the only one there is cannot be spared."""
        self._free: SimpleQueue[None] = SimpleQueue()
        self._closed_until = 0.0
        for _ in range(max(1, threads - max(1, threads // 4))):
            self._free.put(None)

    def take(self) -> None:
        """Take a turn, waiting a moment for it.

        Raises:
            TooManySlowBodies: none became free.
        """
        try:
            self._free.get(timeout=0 if time.monotonic() < self._closed_until else PATIENCE_SECONDS)
        except Empty:
            self._closed_until = time.monotonic() + CLOSED_SECONDS
            raise TooManySlowBodies from None

    def give_back(self) -> None:
        """End one's turn."""
        self._free.put(None)


class _BodyInTurn:
    """A request's body, each read of which takes a turn."""

    __slots__ = ("_body", "_turns")

    def __init__(self, body: Any, turns: Turns) -> None:
        self._body = body
        self._turns = turns

    def read(self, size: int = -1) -> bytes:
        """Read what there is, up to ``size`` bytes."""
        self._turns.take()
        try:
            data: bytes = self._body.read(size)
        finally:
            self._turns.give_back()
        return data


class SpareThreads:
    """WSGI middleware: some of the server's threads never wait for a body."""

    def __init__(self, app: "WSGIApplication", *, threads: int) -> None:
        """Let ``app`` be called by so many threads."""
        self._app = app
        self._turns = Turns(threads=threads)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Hand on the request."""
        if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
            environ["wsgi.input"] = _BodyInTurn(environ["wsgi.input"], self._turns)
        return self._app(environ, start_response)
