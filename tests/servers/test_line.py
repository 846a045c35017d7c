"""The line that fails on demand, between a client and a server that echoes its name."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests.servers.line import Line
from tests.servers.ports import free_port

PATIENCE_SECONDS = 10


@contextmanager
def _echo(name: str) -> Iterator[int]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            while heard := self.request.recv(100):
                self.request.sendall(name.encode() + b" heard " + heard)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield int(server.server_address[1])
        server.shutdown()
        thread.join()


@pytest.fixture
def line() -> Iterator[Line]:
    with _echo("a") as first, _echo("b") as second:
        line = Line(server_ports=[first, second])
        yield line
        line.close()


def _dial(line: Line) -> socket.socket:
    return socket.create_connection(("127.0.0.1", line.port), timeout=PATIENCE_SECONDS)


def _say(client: socket.socket, words: bytes) -> bytes:
    client.sendall(words)
    return client.recv(100)


def test_it_hands_on_what_is_said_to_one_server_after_another(line: Line) -> None:
    with _dial(line) as first, _dial(line) as second:
        answers = {_say(first, b"hello"), _say(second, b"hello")}

    assert answers == {b"a heard hello", b"b heard hello"}


def test_a_server_that_is_away_is_passed_over() -> None:
    with _echo("b") as there, closing(Line(server_ports=[free_port(), there])) as line, _dial(line) as client:
        assert _say(client, b"hello") == b"b heard hello"


def test_without_any_server_the_caller_is_hung_up_on() -> None:
    with closing(Line(server_ports=[free_port()])) as line, _dial(line) as client:
        assert client.recv(100) == b""


def test_a_cut_ends_the_connections_there_are_and_new_ones_work(line: Line) -> None:
    with _dial(line) as client:
        _say(client, b"hello")

        line.break_connections()

        assert client.recv(100) == b""
    with _dial(line) as another:
        assert _say(another, b"hello").endswith(b"heard hello")


def test_a_line_that_is_down_takes_no_connection_until_it_comes_back(line: Line) -> None:
    line.go_down()
    with _dial(line) as client:
        assert client.recv(100) == b""

    line.come_back()

    with _dial(line) as client:
        assert _say(client, b"hello").endswith(b"heard hello")


def test_a_silent_line_hands_everything_on_when_it_speaks_again(line: Line) -> None:
    with _dial(line) as client:
        line.fall_silent()
        client.sendall(b"hello")
        client.settimeout(0.05)
        with pytest.raises(TimeoutError):
            client.recv(100)

        line.speak()

        client.settimeout(PATIENCE_SECONDS)
        assert client.recv(100).endswith(b"heard hello")


def test_a_slow_line_hands_everything_on(line: Line) -> None:
    line.delay_seconds = 0.01

    with _dial(line) as client:
        assert _say(client, b"hello").endswith(b"heard hello")
