"""The shop's end of a callback: a real HTTP server that notes what it is told and answers as it is asked to."""

from __future__ import annotations

import json
import ssl
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

PATIENCE_SECONDS = 10


@dataclass(frozen=True)
class Told:
    """One callback as it arrived."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def delivery(self) -> str:
        return self.headers["webhook-id"]

    @property
    def quantity(self) -> int:
        return int(self.body["MessageAttributeProductCnt"])


class Shop:
    """Listens on loopback. `answers` are used up one by one; after them every callback is answered 200."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.open = threading.Event()
        self.open.set()
        self._told: list[Told] = []
        self._changed = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = False
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def told(self) -> list[Told]:
        with self._changed:
            return list(self._told)

    def wait_for(self, count: int) -> list[Told]:
        """Return what the shop was told, as soon as it was told that much."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self._told) >= count, PATIENCE_SECONDS), self._told
            return list(self._told)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.open.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        shop = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                headers = {name.lower(): value for name, value in self.headers.items()}
                status, extra = shop._hear(Told(self.path, headers, body))
                answer = '{"message":"입고완료"}'.encode()
                self.send_response(status)
                for name, value in {**extra, "Content-Length": str(len(answer))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
                """Keep the tests' output clean."""

        return Handler

    def _hear(self, told: Told) -> tuple[int, dict[str, str]]:
        with self._changed:
            self._told.append(told)
            answer = self.answers.pop(0) if self.answers else (200, {})
            self._changed.notify_all()
        self.open.wait(PATIENCE_SECONDS)
        return answer
