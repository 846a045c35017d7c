"""A line to servers that fails on demand: a TCP proxy that can be cut, down, slow or silent."""

import socket
import socketserver
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

CHUNK = 65_536
CONNECT_SECONDS = 2


class Line:
    """Listens on a port of its own and hands on what it hears, to one server after another in turn."""

    def __init__(self, *, server_ports: Sequence[int]) -> None:
        """Begin to listen; the servers need not be there yet."""
        self.delay_seconds = 0.0
        """How long everything takes on its way, in both directions."""
        self.is_down = False
        self._server_ports = list(server_ports)
        self._flows = threading.Event()
        self._flows.set()
        self._lock = threading.Lock()
        self._ends: set[socket.socket] = set()
        self._proxy = _Proxy(("127.0.0.1", 0), self._make_handler())
        self._thread = threading.Thread(target=self._proxy.serve_forever, args=(0.05,))
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._proxy.server_address[1])

    def go_down(self) -> None:
        """Break every connection, and take no new one."""
        self.is_down = True
        self.break_connections()

    def come_back(self) -> None:
        """Take connections again."""
        self.is_down = False

    def fall_silent(self) -> None:
        """Keep every connection, take new ones, and hand nothing on: what a firewall does that drops."""
        self._flows.clear()

    def speak(self) -> None:
        """Hand on what was held back, and everything else."""
        self._flows.set()

    def break_connections(self) -> None:
        """Break every connection that there is; new ones work."""
        with self._lock:
            ends, self._ends = self._ends, set()
        for end in ends:
            hang_up(end)

    def close(self) -> None:
        """End the proxy."""
        self._proxy.shutdown()
        self.break_connections()
        self.speak()
        self._proxy.server_close()
        self._thread.join()

    def ask(self, client: socket.socket, server: socket.socket) -> None:
        """Hand on what the client says, until it or the line ends."""
        self._pump(client, server)

    def _make_handler(self) -> Callable[..., socketserver.BaseRequestHandler]:
        line = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                line._connect(self.request)

        return Handler

    def _connect(self, client: socket.socket) -> None:
        server = None if self.is_down else self._reach_server()
        if server is None:
            return
        with server:
            with self._lock:
                self._ends |= {client, server}
            answering = threading.Thread(target=self._answer, args=(server, client), daemon=True)
            answering.start()
            with suppress(OSError):
                self.ask(client, server)
            with suppress(OSError):
                server.shutdown(socket.SHUT_WR)  # it does what it was asked, and ends the connection then
            answering.join()
            with self._lock:
                self._ends -= {client, server}

    def _reach_server(self) -> socket.socket | None:
        with self._lock:
            ports = list(self._server_ports)
            self._server_ports.append(self._server_ports.pop(0))
        for port in ports:
            with suppress(OSError):
                server = socket.create_connection(("127.0.0.1", port), timeout=CONNECT_SECONDS)
                server.settimeout(None)
                return server
        return None

    def _answer(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            self._pump(server, client)
        hang_up(client)

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        while heard := source.recv(CHUNK):
            if self.delay_seconds:
                time.sleep(self.delay_seconds)
            self._flows.wait()
            target.sendall(heard)


class _Proxy(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128


def hang_up(end: socket.socket) -> None:
    """End a connection, both ways."""
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
