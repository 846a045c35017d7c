"""Calls of the backend."""

import socket
import threading
from collections.abc import Iterator

import pytest

from dashboard import client as client_module
from dashboard.client import Client
from tests.dashboard.fake_backend import TOKEN, FakeBackend
from tests.servers.ports import free_port


@pytest.fixture
def silent_port() -> Iterator[tuple[int, list[bytes]]]:
    """A port that takes each request and hangs up without an answer, and what it was sent."""
    sent: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    sent.append(connection.recv(4096))

        thread = threading.Thread(target=hang_up, daemon=True)
        thread.start()
        yield server.getsockname()[1], sent
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


def test_an_answer_is_ok_and_has_its_time(backend: FakeBackend) -> None:
    result = Client(url=backend.url, token="").get("/api/overview", {"minutes": 60})

    assert result.ok
    assert result.data["total_products"] == 5
    assert result.at.tzinfo is not None


def test_a_refusal_has_the_backends_reason(backend: FakeBackend) -> None:
    result = Client(url=backend.url, token="").send(
        "POST", "/api/products/CP-502101/restock", {"quantity": 5}, operator=True
    )

    assert (result.ok, result.error, result.status, result.reason) == (False, "problem", 401, "token")
    assert not result.ailing


def test_only_operators_work_carries_the_token(backend: FakeBackend) -> None:
    client = Client(url=backend.url, token=TOKEN)

    client.get("/api/overview")
    client.send("POST", "/api/products/CP-502101/restock", {"quantity": 5}, operator=True)

    assert ["Authorization" in headers for _, _, _, headers in backend.calls] == [False, True]


def test_a_backend_in_trouble_is_ailing(backend: FakeBackend) -> None:
    backend.broken = True

    result = Client(url=backend.url, token="").get("/api/overview")

    assert result.ailing
    assert result.reason == "The database is not available"


def test_where_nobody_listens_nothing_was_done() -> None:
    client = Client(url=f"http://127.0.0.1:{free_port()}", token="")

    assert client.send("POST", "/api/purchases", {}, key="k").error == "unreachable"


def test_an_unanswered_purchase_is_asked_again_with_the_same_key(silent_port: tuple[int, list[bytes]]) -> None:
    port, sent = silent_port

    result = Client(url=f"http://127.0.0.1:{port}", token="").send("POST", "/api/purchases", {}, key="one-click")

    assert result.error == "unanswered"
    assert len(sent) == client_module.TRIES
    assert all(b"Idempotency-Key: one-click" in request for request in sent)


def test_an_unanswered_change_without_a_key_is_not_repeated(silent_port: tuple[int, list[bytes]]) -> None:
    port, sent = silent_port

    Client(url=f"http://127.0.0.1:{port}", token="").send("PATCH", "/api/products/X", {})

    assert len(sent) == 1


def test_what_is_not_json_is_no_answer(backend: FakeBackend) -> None:
    assert Client(url=backend.url, token="").get("/nowhere").error == "unanswered"


def test_csv_comes_as_text(backend: FakeBackend) -> None:
    result = Client(url=backend.url, token="").text("/api/products/CP-502101/movements", accept="text/csv")

    assert result.data.startswith("id,sku,quantity")
