"""A receiver of webhook messages that believes nothing: a real HTTP server that checks every signature itself."""

import base64
import hashlib
import hmac
import json
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MOST_SECONDS_APART = 300


@dataclass(frozen=True)
class Message:
    """One message as it came in; ``genuine`` is whether its signature and its time are right."""

    id: str
    body: str
    genuine: bool

    @property
    def alerts(self) -> list[dict[str, Any]]:
        """What it tells."""
        told: list[dict[str, Any]] = json.loads(self.body)["data"]["alerts"]
        return told


class FakeReceiver:
    """Listens on a free port, and takes every message unless ``status`` says otherwise; 0 hangs up.

    ``came`` is every message that came in, ``taken`` those it took.
    """

    def __init__(self) -> None:
        self.status = 204
        self.location: str | None = None
        self.came: list[Message] = []
        self.taken: list[Message] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._make_handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens, with a path that only its owner knows."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/hooks/a-path-that-nobody-may-see"

    @property
    def told(self) -> list[tuple[str, str, str]]:
        """Kind, subject and state of every alert that it was told of, in order, each message counted once."""
        once = {message.id: message for message in self.taken}
        return [(one["kind"], one["subject"], one["state"]) for message in once.values() for one in message.alerts]

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _note(self, message: Message) -> bool:
        with self._lock:
            self.came.append(message)
            if 200 <= self.status < 300:
                self.taken.append(message)
        return bool(self.status)

    def _make_handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                message = Message(headers["webhook-id"], body.decode(), genuine=is_genuine(headers, body))
                if not receiver._note(message):
                    self.close_connection = True
                    return
                self.send_response(receiver.status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing."""

        return Handler


def is_genuine(headers: dict[str, str], body: bytes, *, secret: str = SECRET) -> bool:
    """What https://www.standardwebhooks.com asks of a receiver, written down without our own code."""
    if abs(time.time() - int(headers["webhook-timestamp"])) > MOST_SECONDS_APART:
        return False
    signed = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(
        version == "v1" and hmac.compare_digest(given, expected)
        for version, _, given in (one.partition(",") for one in headers["webhook-signature"].split(" "))
    )
