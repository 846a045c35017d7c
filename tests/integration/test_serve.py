"""The backend's server process by itself, without ``factoauto up`` around it."""

import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
import urllib3

from tests.servers.ports import free_port, is_listening
from tests.servers.process import ServerProcess, is_gone
from tests.servers.waiting import wait_until

START_SECONDS = 30


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[[int], ServerProcess]]:
    """Starts a server on a port, and does not wait for it."""
    from backend.store.migrate import upgrade

    upgrade(database_url=f"sqlite:///{tmp_path / 'factoauto.db'}")
    servers: list[ServerProcess] = []

    def start(port: int) -> ServerProcess:
        servers.append(
            ServerProcess(
                [sys.executable, "-m", "backend.entrypoints.serve"],
                log=tmp_path / f"log-{len(servers)}",
                environment={
                    "FACTOAUTO_VAR_DIR": str(tmp_path),
                    "FACTOAUTO_HOST": "127.0.0.1",
                    "FACTOAUTO_BACKEND_PORT": str(port),
                    "FACTOAUTO_CALLBACK_SECRETS": "sixteen characters or more",
                },
            )
        )
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


def serves(port: int) -> bool:
    try:
        return urllib3.request("GET", f"http://127.0.0.1:{port}/status", retries=False, timeout=5).status == 200
    except urllib3.exceptions.HTTPError:
        return False


def test_no_worker_serves_on_after_its_master_was_killed(start_server: Callable[[int], ServerProcess]) -> None:
    port = free_port()
    server = start_server(port)
    wait_until(lambda: serves(port), seconds=START_SECONDS, what="the server to answer")
    master = psutil.Process(server.pid)
    workers = master.children()

    master.kill()

    wait_until(lambda: all(is_gone(worker.pid) for worker in workers), seconds=10, what="the workers to end")
    assert workers
    wait_until(lambda: not is_listening(port=port), seconds=10, what="the port to be free")


def test_a_killed_worker_is_replaced(start_server: Callable[[int], ServerProcess]) -> None:
    port = free_port()
    server = start_server(port)
    wait_until(lambda: serves(port), seconds=START_SECONDS, what="the server to answer")
    (worker, *_) = psutil.Process(server.pid).children()

    worker.kill()

    wait_until(lambda: is_gone(worker.pid), seconds=10, what="the worker to end")
    wait_until(lambda: serves(port), seconds=START_SECONDS, what="another worker to answer")
    assert server.exit_code is None


def test_a_second_server_refuses_the_port_instead_of_sharing_it(
    start_server: Callable[[int], ServerProcess],
) -> None:
    port = free_port()
    first = start_server(port)
    wait_until(lambda: serves(port), seconds=START_SECONDS, what="the server to answer")

    second = start_server(port)

    assert second.wait(seconds=START_SECONDS) == 1
    assert "FACTOAUTO_BACKEND_PORT" in second.output
    assert serves(port)
    assert first.exit_code is None


def test_it_ends_on_sigterm(start_server: Callable[[int], ServerProcess]) -> None:
    port = free_port()
    server = start_server(port)
    wait_until(lambda: serves(port), seconds=START_SECONDS, what="the server to answer")

    server.send_signal(signal.SIGTERM)

    assert server.wait() == 0
