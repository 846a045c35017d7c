"""The environment is read once, whole, and whatever is wrong in it is named."""

import os
from pathlib import Path

import pytest

from backend import settings
from backend.settings import WrongSettings, require_callback_secrets, require_webhook_secret

SECRET = "a-secret-that-nobody-may-see"
WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is set but the folder of a fresh local run."""
    for name in os.environ:
        if name.startswith(("FACTOAUTO_", "AWS_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("FACTOAUTO_VAR_DIR", str(tmp_path))


def test_an_empty_environment_is_a_laptop(tmp_path: Path) -> None:
    found = settings.load()

    assert found.database_url == f"sqlite:///{tmp_path / 'factoauto.db'}"
    assert (found.backend_port, found.factory_port, found.aws_port) == (8000, 8001, 4566)
    assert found.factory_url == "http://127.0.0.1:8001"
    assert found.public_url == found.backend_url == "http://127.0.0.1:8000"
    assert (found.topic_name, found.queue_name) == ("stock-empty", "stock-queue")
    assert found.dead_letter_queue_name == "stock-dead-letter-queue"
    assert (found.requester, found.aws_region) == ("부산도너츠", "ap-northeast-2")
    assert (found.callback_secrets, found.operator_token) == ((), ())


def test_a_message_is_forgotten_after_every_attempt_unless_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTOAUTO_FACTORY_TIMEOUT_SECONDS", "5")
    by_itself = settings.load().forgotten_seconds
    monkeypatch.setenv("FACTOAUTO_FORGOTTEN_SECONDS", "1440")

    assert (by_itself, settings.load().forgotten_seconds) == (14 + 4 * 5, 1440)


def test_urls_follow_the_ports_and_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTOAUTO_HOST", "127.0.0.2")
    monkeypatch.setenv("FACTOAUTO_BACKEND_PORT", "18000")
    monkeypatch.setenv("FACTOAUTO_FACTORY_PORT", "18001")

    found = settings.load()

    assert found.public_url == "http://127.0.0.2:18000"
    assert found.factory_url == "http://127.0.0.2:18001"


@pytest.mark.parametrize(
    ("variable", "value", "should"),
    [
        ("FACTOAUTO_BACKEND_PORT", "0", "greater than or equal to 1"),
        ("FACTOAUTO_BACKEND_PORT", "65536", "less than or equal to 65535"),
        ("FACTOAUTO_BACKEND_PORT", "eighty", "valid integer"),
        ("FACTOAUTO_BACKEND_WORKERS", "0", "greater than or equal to 1"),
        ("FACTOAUTO_BACKEND_THREADS", "513", "less than or equal to 512"),
        ("FACTOAUTO_DATABASE_URL", f"postgresql://a:{SECRET}@b/c", "sqlite:/// or mysql+pymysql://"),
        ("FACTOAUTO_FACTORY_URL", "127.0.0.1:8001", "must begin with http:// or https://"),
        ("FACTOAUTO_PUBLIC_URL", "ftp://shop", "must begin with http:// or https://"),
        ("FACTOAUTO_FRAME_ANCESTORS", "*", "'self' and origins such as https://shop.example.com"),
        ("FACTOAUTO_FRAME_ANCESTORS", "https://a; script-src *", "'self' and origins"),
        ("FACTOAUTO_FRAME_ANCESTORS", "https://a https://b", "'self' and origins"),
        ("FACTOAUTO_FRAME_ANCESTORS", " , ", "'self' and origins"),
        ("FACTOAUTO_FACTORY_TIMEOUT_SECONDS", "0", "greater than 0"),
        ("FACTOAUTO_FACTORY_TIMEOUT_SECONDS", "61", "less than or equal to 60"),
        ("FACTOAUTO_TOPIC_NAME", "stock empty", "match pattern"),
        ("FACTOAUTO_QUEUE_NAME", "q" * 81, "match pattern"),
        ("FACTOAUTO_DEAD_LETTER_QUEUE_NAME", "재고", "match pattern"),
        ("FACTOAUTO_REQUESTER", "가" * 100, "at most 99 characters"),
        ("FACTOAUTO_REQUESTER_TEL", "0" * 41, "at most 40 characters"),
        ("FACTOAUTO_MAX_PURCHASE_QUANTITY", "0", "greater than or equal to 1"),
        ("FACTOAUTO_SWEEP_SECONDS", "-1", "greater than 0"),
        ("FACTOAUTO_OVERDUE_SECONDS", "soon", "valid number"),
        ("FACTOAUTO_SWEEP_SECONDS", "nan", "finite number"),
        ("FACTOAUTO_OVERDUE_SECONDS", "inf", "finite number"),
        ("FACTOAUTO_LOG_LEVEL", "LOUD", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("FACTOAUTO_SIMULATOR", "perhaps", "valid boolean"),
        ("FACTOAUTO_CALLBACK_SECRETS", f"{SECRET},short", "16 characters or more"),
        ("FACTOAUTO_OPERATOR_TOKEN", f"{SECRET},alice:", "a token after the name"),
        ("FACTOAUTO_OPERATOR_TOKEN", f"{'a' * 65}:{SECRET}", "at most 64 characters"),
        ("FACTOAUTO_ALERT_WEBHOOK_URL", "chat.example/hook", "must begin with http:// or https://"),
        ("FACTOAUTO_ALERT_WEBHOOK_SECRET", f"whsec_{SECRET}", "the base64 of 24 to 64 random bytes"),
        ("FACTOAUTO_ALERT_QUIET_SECONDS", "0", "greater than 0"),
        ("FACTOAUTO_DRIFT_SECONDS", "never", "valid number"),
        ("AWS_ENDPOINT_URL", "127.0.0.1:4566", "must begin with http:// or https://"),
    ],
)
def test_a_wrong_value_is_named_with_what_it_should_be(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, should: str
) -> None:
    monkeypatch.setenv(variable, value)

    with pytest.raises(WrongSettings) as error:
        settings.load()

    [line] = str(error.value).splitlines()
    assert line.startswith(f"{variable}: ")
    assert should in line
    assert SECRET not in line


def test_every_wrong_value_has_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTOAUTO_BACKEND_PORT", "0")
    monkeypatch.setenv("FACTOAUTO_SWEEP_SECONDS", "0")

    with pytest.raises(WrongSettings) as error:
        settings.load()

    lines = str(error.value).splitlines()
    assert sorted(line.partition(":")[0] for line in lines) == [
        "FACTOAUTO_BACKEND_PORT",
        "FACTOAUTO_SWEEP_SECONDS",
    ]


def test_secrets_are_separated_by_commas_and_the_newest_is_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTOAUTO_CALLBACK_SECRETS", " a-new-secret-of-ours , an-old-secret-of-ours,")

    assert settings.load().callback_secrets == ("a-new-secret-of-ours", "an-old-secret-of-ours")


def test_operators_have_a_token_each_and_a_name_where_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTOAUTO_OPERATOR_TOKEN", "sesame-sesame-sesame,alice:open-open-open-open")

    assert settings.load().operators() == {
        "sesame-sesame-sesame": "operator",
        "open-open-open-open": "alice",
    }


def test_a_secret_is_read_from_the_file_that_its_variable_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text(f"{SECRET}\n")
    (tmp_path / "url").write_text("mysql+pymysql://shop@db/shop\n")
    monkeypatch.setenv("FACTOAUTO_OPERATOR_TOKEN_FILE", str(tmp_path / "token"))
    monkeypatch.setenv("FACTOAUTO_DATABASE_URL_FILE", str(tmp_path / "url"))

    found = settings.load()

    assert found.operator_token == (SECRET,)
    assert found.database_url == "mysql+pymysql://shop@db/shop"


def test_what_up_made_lies_in_the_var_folder_and_gives_way_to_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "callback_secrets").write_text(SECRET)
    (tmp_path / "operator_token").write_text(SECRET)
    monkeypatch.setenv("FACTOAUTO_OPERATOR_TOKEN", "sesame-sesame-sesame")

    found = settings.load()

    assert found.callback_secrets == (SECRET,)
    assert found.operator_token == ("sesame-sesame-sesame",)


def test_a_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FACTOAUTO_CALLBACK_SECRETS_FILE", str(tmp_path / "missing"))

    with pytest.raises(WrongSettings, match=r"FACTOAUTO_CALLBACK_SECRETS: .*missing cannot be read"):
        settings.load()


def test_a_file_that_is_no_text_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(b"\xff\xfe")
    monkeypatch.setenv("FACTOAUTO_OPERATOR_TOKEN_FILE", str(tmp_path / "token"))

    with pytest.raises(WrongSettings, match=r"FACTOAUTO_OPERATOR_TOKEN: .*token cannot be read"):
        settings.load()


def test_settings_printed_show_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTOAUTO_CALLBACK_SECRETS", SECRET)
    monkeypatch.setenv("FACTOAUTO_OPERATOR_TOKEN", f"alice:{SECRET}")
    monkeypatch.setenv("FACTOAUTO_DATABASE_URL", f"mysql+pymysql://shop:{SECRET}@db/shop")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", SECRET)
    monkeypatch.setenv("FACTOAUTO_ALERT_WEBHOOK_URL", f"https://chat.example/{SECRET}")
    monkeypatch.setenv("FACTOAUTO_ALERT_WEBHOOK_SECRET", WEBHOOK_SECRET)

    found = settings.load()

    assert SECRET not in f"{found!r} {found}"
    assert WEBHOOK_SECRET not in f"{found!r} {found}"


def test_a_process_that_signs_callbacks_does_not_start_without_a_secret() -> None:
    with pytest.raises(WrongSettings, match="FACTOAUTO_CALLBACK_SECRETS: is not set"):
        require_callback_secrets(settings.load())


def test_a_webhook_whose_messages_nobody_could_sign_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTOAUTO_ALERT_WEBHOOK_URL", "https://chat.example/hook")
    with pytest.raises(WrongSettings, match="FACTOAUTO_ALERT_WEBHOOK_SECRET: is not set"):
        require_webhook_secret(settings.load())

    monkeypatch.setenv("FACTOAUTO_ALERT_WEBHOOK_SECRET", WEBHOOK_SECRET)

    require_webhook_secret(settings.load())


@pytest.mark.parametrize(("url", "workers"), [("sqlite:///shop.db", 1), ("mysql+pymysql://shop:x@db/shop", 2)])
def test_sqlite_is_served_by_one_process_and_mysql_by_two(
    monkeypatch: pytest.MonkeyPatch, url: str, workers: int
) -> None:
    monkeypatch.setenv("FACTOAUTO_DATABASE_URL", url)

    assert settings.load().backend_workers == workers
