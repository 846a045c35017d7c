import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from backend.entrypoints.up.programs import list_programs, make_environment
from backend.settings import Settings

SETTINGS = Settings(aws_port=1001, backend_port=1002, factory_port=1003, dashboard_port=1004)


def test_the_dashboard_is_among_the_programs_once_it_exists(tmp_path: Path) -> None:
    app = tmp_path / "app.py"

    before = [program.name for program in list_programs(SETTINGS, dashboard=app)]
    app.touch()
    after = [program.name for program in list_programs(SETTINGS, dashboard=app)]

    assert before == ["local-aws", "backend", "worker", "factory"]
    assert after == [*before, "dashboard"]


def test_every_port_is_named_with_the_setting_it_comes_from(tmp_path: Path) -> None:
    (tmp_path / "app.py").touch()

    programs = list_programs(SETTINGS, dashboard=tmp_path / "app.py")

    assert {program.port_setting: program.port for program in programs if program.port} == {
        "FACTOAUTO_AWS_PORT": 1001,
        "FACTOAUTO_BACKEND_PORT": 1002,
        "FACTOAUTO_FACTORY_PORT": 1003,
        "FACTOAUTO_DASHBOARD_PORT": 1004,
    }


def test_every_program_uses_the_local_aws_whatever_the_user_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://sqs.ap-northeast-2.amazonaws.com")

    environment = make_environment(SETTINGS)

    assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1001"
    assert environment["AWS_ACCESS_KEY_ID"] == "local"


def test_no_secret_is_in_the_environment_that_a_file_and_a_process_list_show() -> None:
    settings = Settings(callback_secrets=("sixteen characters or more",), operator_token=("a-token",))

    values = " ".join(make_environment(settings).values())

    assert "sixteen" not in values
    assert "a-token" not in values


def test_the_simulator_is_on_unless_it_was_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FACTOAUTO_SIMULATOR", raising=False)
    assert make_environment(Settings())["FACTOAUTO_SIMULATOR"] == "1"

    monkeypatch.setenv("FACTOAUTO_SIMULATOR", "0")
    assert make_environment(Settings())["FACTOAUTO_SIMULATOR"] == "0"


def test_a_shop_open_to_the_network_is_still_reached_through_loopback() -> None:
    environment = make_environment(Settings(host="0.0.0.0", aws_port=1001))  # noqa: S104 - nobody listens

    assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1001"
    assert environment["FACTOAUTO_FACTORY_URL"] == "http://127.0.0.1:8001"
    assert environment["FACTOAUTO_PUBLIC_URL"] == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        Settings(host="0.0.0.0"),  # noqa: S104 - nobody listens
        Settings(host="192.168.1.5"),
        Settings(host="0.0.0.0", public_url="http://shop.example:8000"),  # noqa: S104 - nobody listens
    ],
    ids=["loopback", "every interface", "one interface", "another name"],
)
def test_the_factory_may_call_the_shop_back_wherever_it_is(settings: Settings) -> None:
    environment = make_environment(settings)

    called = urlsplit(environment["FACTOAUTO_PUBLIC_URL"]).hostname
    assert called in environment["FACTOAUTO_CALLBACK_HOSTS"].split(",")


def test_whom_the_factory_may_call_can_be_said() -> None:
    environment = make_environment(Settings(callback_hosts=("10.0.0.7", "shop.example")))

    assert environment["FACTOAUTO_CALLBACK_HOSTS"] == "10.0.0.7,shop.example"


def start(name: str, *, ready: str) -> str:
    """What a program of this name says when it starts after a server that is ready (true) or not (false)."""
    # The real command line, with python's -m replaced by programs that succeed or fail at once.
    (program,) = [program for program in list_programs(SETTINGS) if program.name == name]
    shell, option, script, _, server, *_ = program.command
    command = (shell, option, script.replace("-m", ""), ready, server, "echo", "works at", server)
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False).stdout


def test_the_worker_starts_when_the_local_aws_answers() -> None:
    assert start("worker", ready="true") == "works at local-aws=http://127.0.0.1:1001/ready\n"
    assert start("worker", ready="false") == ""


def test_the_dashboard_lets_the_backend_go_first_and_starts_without_it_too() -> None:
    assert start("dashboard", ready="true") == "works at backend=http://127.0.0.1:1002/readyz\n"
    assert start("dashboard", ready="false") == "works at backend=http://127.0.0.1:1002/readyz\n"
