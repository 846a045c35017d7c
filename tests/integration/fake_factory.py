"""A factory that does as it is told: a real HTTP server that takes orders, refuses them, or keeps one waiting."""

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, bytes]

TAKEN: Answer = (202, b'{"status": "accepted"}')
BROKEN: Answer = (500, b'{"title": "Internal error", "detail": "the oven is cold"}')


@dataclass(frozen=True)
class Received:
    """One request as it came in."""

    path: str
    idempotency_key: str | None
    correlation_id: str | None
    content_type: str | None
    order: dict[str, Any]


class FakeFactory:
    """Listens on a free port. ``decide`` says what each request is answered; None hangs up without a word.

    ``in_hand`` are the keys of the requests that are not answered yet.
    """

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.in_hand: list[str] = []
        self._taken: list[str] = []
        self.decide: Callable[[Received], Answer | None] = lambda received: TAKEN
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._make_handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def produced(self) -> list[str]:
        """The keys of the orders taken, each once, as a factory that knows the keys produces them."""
        return list(dict.fromkeys(self._taken))

    def refuse(self, *skus: str, answer: Answer | None = BROKEN) -> None:
        """Answer orders for these products so, and take the others; no skus: take every order."""
        self.decide = lambda received: answer if received.order.get("MessageAttributeProductId") in skus else TAKEN

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _make_handler(self) -> type[BaseHTTPRequestHandler]:
        factory = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                received = self._read()
                key = received.idempotency_key or ""
                with factory._lock:
                    factory.in_hand.append(key)
                answer = factory.decide(received)
                with factory._lock:
                    factory.in_hand.remove(key)
                    factory.received.append(received)
                    if answer == TAKEN:
                        factory._taken.append(key)
                if answer is None:
                    self.close_connection = True
                    return
                status, body = answer
                with suppress(ConnectionError):  # who asked may have lost patience
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            def _read(self) -> Received:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                return Received(
                    path=self.path,
                    idempotency_key=self.headers["Idempotency-Key"],
                    correlation_id=self.headers["X-Correlation-Id"],
                    content_type=self.headers["Content-Type"],
                    order=json.loads(body),
                )

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing."""

        return Handler
