"""A line to a MariaDB server that breaks on demand: a TCP proxy that knows a COMMIT when it sees one."""

import socket
import socketserver
import threading
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from urllib.parse import urlsplit

COMMIT = b"\x03COMMIT"
"""A COM_QUERY packet's content: https://mariadb.com/kb/en/com_query/."""
WRITES = (b"\x03INSERT", b"\x03UPDATE", b"\x03DELETE")
CHUNK = 65_536


class Break(Enum):
    """When the line breaks: before the server sees the COMMIT, or after it has, before its answer."""

    BEFORE_COMMIT = "before_commit"
    AFTER_COMMIT = "after_commit"


class FlakyLine:
    """Listens on a port of its own and hands everything on to the server, until it is told to break."""

    def __init__(self, *, server_url: str) -> None:
        self._server = urlsplit(server_url)
        self._breaks: list[Break] = []
        self._lock = threading.Lock()
        self._ends: set[socket.socket] = set()
        self.seen_commits = 0
        self.is_down = False
        self._proxy = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._make_handler())
        self._proxy.daemon_threads = True
        self._thread = threading.Thread(target=self._proxy.serve_forever, args=(0.05,))
        self._thread.start()

    @property
    def url(self) -> str:
        """The URL of the database behind the line."""
        host = f"{self._server.hostname}:{self._server.port}"
        return self._server.geturl().replace(host, f"127.0.0.1:{self._proxy.server_address[1]}")

    def break_at_next_commits(self, *breaks: Break) -> None:
        """Break at each of the next commits, once for each of these."""
        with self._lock:
            self._breaks.extend(breaks)

    @property
    def breaks_to_come(self) -> int:
        """How many commits it still waits for."""
        return len(self._breaks)

    def go_down(self) -> None:
        """Break every connection, and take no new one."""
        self.is_down = True
        self.break_connections()

    def come_back(self) -> None:
        """Take connections again."""
        self.is_down = False

    def break_connections(self) -> None:
        """Break every connection that there is; new ones work."""
        with self._lock:
            ends, self._ends = self._ends, set()
        for end in ends:
            _hang_up(end)

    def close(self) -> None:
        """End the proxy."""
        self._proxy.shutdown()
        self.break_connections()
        self._proxy.server_close()
        self._thread.join()

    def _make_handler(self) -> Callable[..., socketserver.BaseRequestHandler]:
        line = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                line._connect(self.request)

        return Handler

    def _connect(self, client: socket.socket) -> None:
        if self.is_down:
            return
        with socket.create_connection((self._server.hostname, self._server.port)) as server:
            with self._lock:
                self._ends |= {client, server}
            answering = threading.Thread(target=_pump, args=(server, client))
            answering.start()
            self._ask(client, server)
            with suppress(OSError):
                server.shutdown(socket.SHUT_WR)  # it does what it was asked, and ends the connection then
            answering.join()
            with self._lock:
                self._ends -= {client, server}

    def _ask(self, client: socket.socket, server: socket.socket) -> None:
        wrote = False  # SQLAlchemy also commits when it connects, which keeps nothing
        with suppress(OSError):
            while asked := client.recv(CHUNK):
                wrote = wrote or asked[4:].startswith(WRITES)
                when = self._next_break() if wrote and asked[4:] == COMMIT else None
                if when is Break.BEFORE_COMMIT:
                    return
                if when is Break.AFTER_COMMIT:
                    client.shutdown(socket.SHUT_RDWR)
                server.sendall(asked)
                if when is Break.AFTER_COMMIT:
                    return

    def _next_break(self) -> Break | None:
        with self._lock:
            self.seen_commits += 1
            return self._breaks.pop(0) if self._breaks else None


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while answer := source.recv(CHUNK):
            target.sendall(answer)
    _hang_up(target)


def _hang_up(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
