"""A log line is one line that no terminal obeys, whatever strangers wrote in it."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
import structlog

from backend.entrypoints.logs import configure_logs

HOSTILE = {
    "a forged line": 'CP-1"}\n{"event":"sold","level":"info"}',
    "a return": "CP-1\rsold",
    "a terminal's command": "\x1b[2J\x1b]0;owned\x07",
    "the same in one character": "\x9b2J",
    "a delete": "sold\x7f\x7f\x7f\x7f",
    "a next line": "CP-1\x85sold",
    "a line separator": "CP-1\u2028sold",
    "another direction": "CP-\u202e105",
    "an isolate": "\u2066CP-1\u2069",
    "half a character": "CP-\ud800",
    "a template": "{0.__class__} %s {{7*7}} ${jndi:ldap://evil.example}",
}


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What is logged, as it is written."""
    before = structlog.get_config()
    stream = io.StringIO()
    configure_logs(level="INFO", stream=stream)
    yield stream
    structlog.configure(**before)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_strangers_wrote_is_told_in_one_line_and_not_obeyed(written: io.StringIO, text: str) -> None:
    structlog.get_logger("a test").warning("order failed", error=text, sku=text)

    [line] = written.getvalue().splitlines()
    record = json.loads(line)
    assert (record["error"], record["sku"]) == (text, text)
    assert (record["event"], record["level"]) == ("order failed", "warning")
    assert [character for character in line if not character.isprintable()] == []


def log_in_a_new_process(configure: str) -> list[str]:
    """What a process writes of a warning of ours, and of one of the library that calls others."""
    script = f"""
import logging, structlog, urllib3
{configure}
structlog.get_logger("factory_mock").warning("one of ours")
logging.getLogger("urllib3.connectionpool").warning("Retrying: /callbacks/1?signature=genuine")
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    return [
        json.loads(line)["event"] if line[0] == "{" else line for line in (ran.stdout + ran.stderr).splitlines()
    ]


def test_the_library_that_calls_others_is_silent_for_it_writes_whole_addresses() -> None:
    configure = "from backend.entrypoints.logs import configure_logs; configure_logs(level='DEBUG')"

    assert log_in_a_new_process(configure) == ["one of ours"]


def test_korean_stays_readable(written: io.StringIO) -> None:
    structlog.get_logger("a test").warning("order failed", error="재고 부족 🍩")

    assert "재고 부족 🍩" in written.getvalue()
