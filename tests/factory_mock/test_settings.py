"""Settings: defaults that work, and wrong values named with what they should be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from factory_mock.settings import PREFIX, SettingsError, load_settings


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.setenv("FACTOAUTO_VAR_DIR", str(tmp_path))


def test_the_defaults_are_those_of_a_laptop() -> None:
    settings = load_settings()

    assert (settings.host, settings.factory_port, settings.lead_time_seconds) == ("127.0.0.1", 8001, 3.0)
    assert settings.callback_hosts == ("127.0.0.1", "::1", "localhost")
    assert settings.operators() == ()


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTOAUTO_FACTORY_PORT", "")

    assert load_settings().factory_port == 8001


def test_localhost_is_an_address_to_listen_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTOAUTO_HOST", "localhost")

    assert load_settings().host == "127.0.0.1"


def test_callback_hosts_are_names_and_addresses_in_any_spelling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTOAUTO_CALLBACK_HOSTS", "Backend, 10.0.0.7,0:0:0:0:0:0:0:1, shop_1.example.com")

    assert load_settings().callback_hosts == ("backend", "10.0.0.7", "::1", "shop_1.example.com")


def test_several_tokens_are_live_with_and_without_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTOAUTO_OPERATOR_TOKEN", "mina:new-token, old-token")

    assert load_settings().operators() == (("mina", "new-token"), ("operator", "old-token"))


def test_a_token_is_read_from_the_file_that_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("from-file\n")
    (tmp_path / "operator_token").write_text("from-var-dir\n")
    monkeypatch.setenv("FACTOAUTO_OPERATOR_TOKEN_FILE", str(tmp_path / "elsewhere"))

    assert load_settings().operators() == (("operator", "from-file"),)


def test_a_token_is_read_from_the_var_folder_if_none_is_set(tmp_path: Path) -> None:
    (tmp_path / "operator_token").write_text("from-var-dir\n")

    assert load_settings().operators() == (("operator", "from-var-dir"),)


def test_a_token_that_is_set_comes_before_any_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "operator_token").write_text("from-var-dir\n")
    monkeypatch.setenv("FACTOAUTO_OPERATOR_TOKEN", "set")

    assert load_settings().operators() == (("operator", "set"),)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FACTOAUTO_HOST", "no address"),
        ("FACTOAUTO_FACTORY_PORT", "0"),
        ("FACTOAUTO_FACTORY_PORT", "65536"),
        ("FACTOAUTO_FACTORY_PORT", "http"),
        ("FACTOAUTO_LEAD_TIME_SECONDS", "-1"),
        ("FACTOAUTO_LEAD_TIME_SECONDS", "nan"),
        ("FACTOAUTO_LEAD_TIME_SECONDS", "soon"),
        ("FACTOAUTO_CALLBACK_HOSTS", "http://backend"),
        ("FACTOAUTO_CALLBACK_HOSTS", "backend:8000"),
        ("FACTOAUTO_CALLBACK_HOSTS", "a,,b"),
        ("FACTOAUTO_CALLBACK_HOSTS", "*"),
        ("FACTOAUTO_FRAME_ANCESTORS", "https://a; script-src *"),
        ("FACTOAUTO_FRAME_ANCESTORS", "*"),
        ("FACTOAUTO_LOG_LEVEL", "LOUD"),
    ],
)
def test_a_wrong_value_is_named_with_what_it_should_be(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as error:
        load_settings()

    message = str(error.value)
    assert message.startswith(f"{name} should be ")
    assert value in message
    assert "\n" not in message


def test_every_wrong_value_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTOAUTO_FACTORY_PORT", "0")
    monkeypatch.setenv("FACTOAUTO_LOG_LEVEL", "loud")

    with pytest.raises(SettingsError, match=r"FACTOAUTO_FACTORY_PORT .*; FACTOAUTO_LOG_LEVEL "):
        load_settings()


@pytest.mark.parametrize("token", ["two words", "secret,", "minji:", "a:b:c", "비밀"])
def test_a_wrong_token_is_not_repeated_in_the_error(monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    monkeypatch.setenv("FACTOAUTO_OPERATOR_TOKEN", token)

    with pytest.raises(SettingsError, match="FACTOAUTO_OPERATOR_TOKEN should be") as error:
        load_settings()

    assert token not in str(error.value)


def test_a_token_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FACTOAUTO_OPERATOR_TOKEN_FILE", str(tmp_path / "missing"))

    with pytest.raises(SettingsError, match=r"FACTOAUTO_OPERATOR_TOKEN_FILE: .*missing cannot be read"):
        load_settings()


def test_an_empty_token_file_is_no_token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    monkeypatch.setenv("FACTOAUTO_OPERATOR_TOKEN_FILE", str(tmp_path / "empty"))

    with pytest.raises(SettingsError, match="FACTOAUTO_OPERATOR_TOKEN should be"):
        load_settings()


def test_a_token_does_not_show_in_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTOAUTO_OPERATOR_TOKEN", "genuine")

    assert "genuine" not in repr(load_settings())
