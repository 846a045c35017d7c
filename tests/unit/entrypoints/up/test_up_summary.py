import json
import shlex
from pathlib import Path

from backend.entrypoints.up.summary import FIRST_PURCHASE, describe_shop
from backend.settings import Settings

SETTINGS = Settings(backend_port=1002, factory_port=1003, dashboard_port=1004, aws_port=1001)


def test_the_dashboard_comes_first_once_there_is_one() -> None:
    without = describe_shop(SETTINGS, has_dashboard=False)
    text = describe_shop(SETTINGS, has_dashboard=True)

    assert "http://127.0.0.1:1004" not in without
    urls = [line.split()[-1] for line in text.splitlines() if "http://" in line and "curl" not in line]
    assert urls == [
        "http://127.0.0.1:1004",
        "http://127.0.0.1:1002",
        "http://127.0.0.1:1002/docs",
        "http://127.0.0.1:1003",
        "http://127.0.0.1:1003/docs",
        "http://127.0.0.1:1001",
    ]


def test_the_curl_can_be_pasted_into_a_shell() -> None:
    text = describe_shop(SETTINGS, has_dashboard=False)
    start, end = text.index("curl"), text.index("}'") + 2

    words = shlex.split(text[start:end].replace("\\\n", " "))

    assert words[3] == "http://127.0.0.1:1002/send"
    assert json.loads(words[-1]) == FIRST_PURCHASE


def test_the_operators_token_is_not_shown_but_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "operator_token").write_text("the-token")

    text = describe_shop(Settings(var_dir=tmp_path), has_dashboard=False)

    assert f"in {tmp_path / 'operator_token'}" in text
    assert "the-token" not in text
