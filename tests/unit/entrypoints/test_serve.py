"""What a server process makes of its settings before it serves."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Semaphore
from typing import Any

import pytest

from backend.entrypoints.app import create_app
from backend.entrypoints.serve import load_app, trust_proxies

ENOUGH_TO_BLOCK = 20
THREADS = 4
WAIT_SECONDS = 30


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A shop with an operator."""
    monkeypatch.setenv("FACTOAUTO_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("FACTOAUTO_CALLBACK_SECRETS", "only-for-tests-0123456789")
    monkeypatch.setenv("FACTOAUTO_OPERATOR_TOKEN", "only-for-tests")


def guess_tokens(*, proxies: int, said_to_be: str) -> int:
    """Send wrong tokens as one caller until they are no longer judged; the status that another then gets."""
    app = create_app()
    trust_proxies(app, proxies=proxies)
    client = app.test_client()
    path, wrong = "/api/products/CP-502101/restock", {"Authorization": "Bearer guessed"}
    for _ in range(ENOUGH_TO_BLOCK):
        client.post(path, headers={**wrong, "X-Forwarded-For": "192.0.2.1"}, json={})
    return client.post(path, headers={**wrong, "X-Forwarded-For": said_to_be}, json={}).status_code


def test_behind_a_proxy_one_who_guesses_tokens_locks_out_himself_only() -> None:
    assert guess_tokens(proxies=1, said_to_be="192.0.2.1") == 429
    assert guess_tokens(proxies=1, said_to_be="192.0.2.2") == 401


def test_without_a_proxy_nobody_is_believed_to_be_another() -> None:
    assert guess_tokens(proxies=0, said_to_be="192.0.2.2") == 429


class SlowBody:
    """A body that comes only when it is let: whoever reads it waits."""

    def __init__(self) -> None:
        self.readers = Semaphore(0)
        self.comes = Event()

    def read(self, size: int = -1) -> bytes:
        """Wait for it."""
        self.readers.release()
        assert self.comes.wait(WAIT_SECONDS)
        return b""


@pytest.fixture
def slow_body() -> Iterator[SlowBody]:
    """One that comes at the end of the test at the latest."""
    body = SlowBody()
    yield body
    body.comes.set()


def test_who_is_slow_to_send_a_body_holds_three_quarters_of_the_threads_and_no_more(
    monkeypatch: pytest.MonkeyPatch, slow_body: SlowBody
) -> None:
    monkeypatch.setenv("FACTOAUTO_BACKEND_THREADS", str(THREADS))
    app = load_app()

    def buy(body: Any) -> int:
        instead = {"wsgi.input": body}
        return app.test_client().post("/api/purchases", json={}, environ_overrides=instead).status_code

    with ThreadPoolExecutor(THREADS) as others:
        slow = [others.submit(buy, slow_body) for _ in range(THREADS - 1)]
        for _ in slow:
            assert slow_body.readers.acquire(timeout=WAIT_SECONDS)
        meanwhile = buy(io.BytesIO(b"{}"))
        slow_body.comes.set()
        afterwards = [one.result(WAIT_SECONDS) for one in slow]

    assert meanwhile == 503
    assert afterwards == [400] * len(slow)
    assert buy(io.BytesIO(b"{}")) == 422
