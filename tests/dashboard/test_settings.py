"""The dashboard's settings."""

from pathlib import Path

import pytest

from dashboard.settings import WrongSettings, read


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("BACKEND_URL", "PUBLIC_URL", "FACTORY_URL", "OPERATOR_TOKEN", "VAR_DIR", "HOST", "SIMULATOR"):
        monkeypatch.delenv(f"FACTOAUTO_{name}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_everything_has_a_default_of_a_laptop() -> None:
    settings = read()

    assert settings.backend_url == settings.public_url == "http://127.0.0.1:8000"
    assert settings.factory_url == settings.factory_public_url == "http://127.0.0.1:8001"
    assert settings.bearer_token() == ""
    assert not settings.simulator


def test_the_ports_of_a_local_run_lead_to_its_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTOAUTO_BACKEND_PORT", "18000")
    monkeypatch.setenv("FACTOAUTO_HOST", "0.0.0.0")  # noqa: S104 - nobody listens

    assert read().backend_url == "http://127.0.0.1:18000"


def test_a_wrong_url_is_named_with_what_it_should_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTOAUTO_BACKEND_URL", "backend:8000")

    with pytest.raises(WrongSettings, match=r"FACTOAUTO_BACKEND_URL: must begin with http:// .*'backend:8000'"):
        read()


def test_the_token_that_up_made_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "operator_token").write_text("made-by-up\n")
    monkeypatch.setenv("FACTOAUTO_VAR_DIR", str(tmp_path))

    assert read().bearer_token() == "made-by-up"


def test_a_secret_may_lie_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "password").write_text("open sesame\n")
    monkeypatch.setenv("FACTOAUTO_DASHBOARD_PASSWORD_FILE", str(tmp_path / "password"))

    settings = read()

    assert settings.dashboard_password == "open sesame"
    assert "sesame" not in repr(settings)


def test_a_secrets_file_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTOAUTO_OPERATOR_TOKEN_FILE", str(tmp_path / "nowhere"))

    with pytest.raises(WrongSettings, match=r"FACTOAUTO_OPERATOR_TOKEN: .*nowhere"):
        read()


def test_the_first_of_several_operators_acts_without_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTOAUTO_OPERATOR_TOKEN", "kim:first-token,second-token")

    assert read().bearer_token() == "first-token"
