import math
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from backend.entrypoints.up.readiness import await_ready, describe, is_ready
from tests.servers.ports import free_port


class Answering(BaseHTTPRequestHandler):
    """Answers with the status that the path names."""

    def do_GET(self) -> None:
        self.send_response(int(self.path.removeprefix("/")))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


@pytest.mark.parametrize(("status", "expected"), [(200, True), (204, True), (404, False), (503, False)])
def test_a_server_is_ready_when_it_answers_well(url: str, status: int, expected: bool) -> None:
    assert is_ready(f"{url}/{status}") is expected


def test_a_server_that_does_not_listen_is_not_ready() -> None:
    assert not is_ready(f"http://127.0.0.1:{free_port()}/")


def test_who_waits_goes_on_when_all_have_answered(url: str) -> None:
    await_ready({"backend": f"{url}/200", "factory": f"{url}/204"}, within=math.inf)


def test_who_will_not_wait_longer_goes_on_without() -> None:
    await_ready({"backend": f"http://127.0.0.1:{free_port()}/"}, within=0)


def test_what_is_waited_for_is_named() -> None:
    assert describe({"backend": "http://x/readyz"}) == "still waiting for backend (http://x/readyz)"
