"""A line to a MariaDB server that breaks on demand: it knows a COMMIT when it sees one."""

import socket
from enum import Enum
from urllib.parse import urlsplit

from tests.servers.line import CHUNK, Line

COMMIT = b"\x03COMMIT"
"""A COM_QUERY packet's content: https://mariadb.com/kb/en/com_query/."""
WRITES = (b"\x03INSERT", b"\x03UPDATE", b"\x03DELETE")


class Break(Enum):
    """When the line breaks: before the server sees the COMMIT, or after it has, before its answer."""

    BEFORE_COMMIT = "before_commit"
    AFTER_COMMIT = "after_commit"


class FlakyLine(Line):
    """A line to the server of a database."""

    def __init__(self, *, server_url: str) -> None:
        self._server = urlsplit(server_url)
        self._breaks: list[Break] = []
        self.seen_commits = 0
        assert self._server.port is not None, server_url
        super().__init__(server_ports=[self._server.port])

    @property
    def url(self) -> str:
        """The URL of the database behind the line."""
        host = f"{self._server.hostname}:{self._server.port}"
        return self._server.geturl().replace(host, f"127.0.0.1:{self.port}")

    def break_at_next_commits(self, *breaks: Break) -> None:
        """Break at each of the next commits, once for each of these."""
        with self._lock:
            self._breaks.extend(breaks)

    @property
    def breaks_to_come(self) -> int:
        """How many commits it still waits for."""
        return len(self._breaks)

    def ask(self, client: socket.socket, server: socket.socket) -> None:
        """Hand on what the client says, until a COMMIT that the line is to break at."""
        wrote = False  # SQLAlchemy also commits when it connects, which keeps nothing
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
