"""A log line of the factory is one line that no terminal obeys, whatever partners wrote in it."""

from __future__ import annotations

import json
import logging

import pytest

from factory_mock.logs import json_lines
from tests.unit.entrypoints.test_logs import HOSTILE, log_in_a_new_process


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_partners_wrote_is_told_in_one_line_and_not_obeyed(text: str) -> None:
    record = logging.makeLogRecord({"name": "factory_mock.access", "msg": text, "levelname": "INFO"})

    line = json_lines().format(record)

    assert json.loads(line)["event"] == text
    assert [character for character in line if not character.isprintable()] == []


def test_the_library_that_calls_shops_is_silent_for_it_writes_whole_addresses() -> None:
    assert log_in_a_new_process("from factory_mock.logs import configure_logs; configure_logs('DEBUG')") == [
        "one of ours"
    ]
