"""Clients that keep the server waiting, or come in hundreds: the others are answered all the same."""

import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
import urllib3

from backend.settings import Settings
from backend.store.migrate import upgrade
from tests.integration.served import Served, environment_of
from tests.servers.waiting import wait_until

THREADS = 4
MORE_THAN_CONNECTIONS = 1_100
"""More than the 1,024 that the server keeps open at the same time."""
PATIENCE_SECONDS = 40
BEGUN_BODY = (
    b"POST /send HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n"
    b'{"MessageAttributeProductId": '
)
BEGUN_HEADERS = b"GET /status HTTP/1.1\r\nHost: shop\r\nX-Slow: "


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, local_aws: str) -> Iterator[Served]:
    """A backend with few threads, which are soon all busy."""
    folder = tmp_path_factory.mktemp("slow")
    settings = Settings(database_url=f"sqlite:///{folder / 'shop.db'}", AWS_ENDPOINT_URL=local_aws)
    upgrade(database_url=settings.database_url)
    environment = {**environment_of(settings), "FACTOAUTO_BACKEND_THREADS": str(THREADS)}
    started = Served.start(environment, folder=folder)
    yield started
    started.stop()


@pytest.fixture
def open_sockets() -> Iterator[ExitStack]:
    """What closes a test's connections at its end; there may be as many as the machine allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with ExitStack() as opened:
        yield opened
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def connect(served: Served, opened: ExitStack, sent: bytes = b"") -> socket.socket:
    """A connection over which something was sent."""
    connection = opened.enter_context(socket.create_connection(("127.0.0.1", served.port), timeout=5))
    connection.sendall(sent)
    return connection


def is_closed(connection: socket.socket) -> bool:
    """Whether the server has closed a connection, on which it has said nothing."""
    connection.setblocking(False)
    with suppress(BlockingIOError):
        return connection.recv(1) == b""
    return False


def status_of(served: Served, sent: bytes) -> int:
    """The status of the answer to bytes as they are."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=5) as connection:
        connection.sendall(sent)
        return int(connection.recv(65_536).split(b" ", 2)[1])


def test_bodies_that_never_come_hold_up_neither_questions_nor_the_answer_that_it_is_too_much(
    served: Served, open_sockets: ExitStack
) -> None:
    """Without spare threads, four such clients and nobody is answered any more, not even a health check."""
    slow = [connect(served, open_sockets, BEGUN_BODY) for _ in range(THREADS * 5)]

    def purchase() -> urllib3.BaseHTTPResponse:
        return served.send("CP-404404")

    wait_until(lambda: purchase().status == 503, seconds=PATIENCE_SECONDS, what="the slow to be too many")
    refused = purchase()

    assert int(refused.headers["Retry-After"]) >= 1
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert [served.call("GET", "/healthz").status for _ in range(20)] == [200] * 20

    for connection in slow:
        connection.close()
    wait_until(lambda: purchase().status == 404, seconds=PATIENCE_SECONDS, what="purchases to be judged again")


def test_who_dawdles_over_his_headers_or_says_nothing_is_hung_up_on_and_makes_room(
    served: Served, open_sockets: ExitStack
) -> None:
    """However many there are: those beyond what is kept open wait until these are closed."""
    dawdling = [connect(served, open_sockets, BEGUN_HEADERS) for _ in range(3)]
    trickling = connect(served, open_sockets, BEGUN_HEADERS)
    silent = [connect(served, open_sockets) for _ in range(MORE_THAN_CONNECTIONS)]

    def trickle() -> bool:
        with suppress(BlockingIOError):
            try:
                trickling.sendall(b"a")
            except ConnectionError:
                return True
        return is_closed(trickling)

    wait_until(trickle, seconds=PATIENCE_SECONDS, what="the trickling client to be hung up on")
    wait_until(lambda: all(map(is_closed, silent)), seconds=PATIENCE_SECONDS, what="the silent to be, too")

    assert all(map(is_closed, dawdling))
    assert served.call("GET", "/status").status == 200


@pytest.mark.parametrize(
    "headers",
    [b"X-Long: " + b"a" * 70_000, b"\r\n".join(b"X-%d: a" % number for number in range(200))],
    ids=["long", "many"],
)
def test_more_headers_than_any_client_sends_are_refused(served: Served, headers: bytes) -> None:
    assert status_of(served, b"GET /status HTTP/1.1\r\nHost: shop\r\n" + headers + b"\r\n\r\n") == 431


@pytest.mark.parametrize(
    "head",
    [
        b"nonsense",
        b"GET /status HTTP/9.9\r\nHost: shop",
        b"GET /status HTTP/1.1\r\nHost: shop\r\nX-A : 1",
        b"GET /status HTTP/1.1\r\nHost: shop\r\nX-A: a\x00b",
        b"POST /send HTTP/1.1\r\nHost: shop\r\nContent-Length: -1",
        b"POST /send HTTP/1.1\r\nHost: shop\r\nContent-Length: 2\r\nContent-Length: 3",
        b"POST /send HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked, identity",
    ],
)
def test_what_is_no_http_is_refused(served: Served, head: bytes) -> None:
    """Two lengths, or one and chunks that end elsewhere, would let a request hide behind another."""
    assert status_of(served, head + b"\r\n\r\n") == 400


def test_a_body_in_chunks_is_read_as_one_and_may_not_be_longer(served: Served) -> None:
    head = b"POST /send HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n"
    head += b"Transfer-Encoding: chunked\r\n\r\n"
    chunk = b"1000\r\n" + b" " * 4096 + b"\r\n"

    assert status_of(served, head + b'22\r\n{"MessageAttributeProductId": "X"}\r\n0\r\n\r\n') == 404
    assert status_of(served, head + chunk * 20 + b"0\r\n\r\n") == 413


def test_after_all_that_it_answers(served: Served, tmp_path: Path) -> None:
    assert served.call("GET", "/readyz").status in (200, 503)
    assert "Traceback" not in served.process.output
