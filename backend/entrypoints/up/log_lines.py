"""Log lines as a person reads them: the programs write JSON, which their files in ``logs`` keep."""

import json
import re
from typing import Any

_LEFT_OUT = ("event", "level", "timestamp", "logger", "exception")
_SAYS_NOTHING = ("info", "debug")
_PLAIN = re.compile(r"[^\s\"'=]+")


def make_readable(line: str) -> list[str]:
    """A JSON log line as its event and what belongs to it, then its traceback; any other line as it is."""
    record = _parse(line)
    if record is None:
        return [line]
    level = str(record.get("level", ""))
    words = [] if level in _SAYS_NOTHING else [level.upper()]
    words.append(str(record["event"]))
    words += [f"{name}={_value(value)}" for name, value in record.items() if _is_told(name, value)]
    return [" ".join(words), *str(record.get("exception") or "").splitlines()]


def _parse(line: str) -> dict[str, Any] | None:
    if not line.startswith("{"):
        return None
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) and "event" in record else None


def _is_told(name: str, value: object) -> bool:
    return name not in _LEFT_OUT and value is not None


def _value(value: object) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return value
    return json.dumps(value, ensure_ascii=False)
