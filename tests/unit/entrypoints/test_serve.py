"""What a server process makes of its settings before it serves."""

from pathlib import Path

import pytest

from backend.entrypoints.app import create_app
from backend.entrypoints.serve import trust_proxies

ENOUGH_TO_BLOCK = 20


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
