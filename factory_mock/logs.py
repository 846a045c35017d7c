"""One JSON object a line on standard output, whoever writes it."""

from __future__ import annotations

import json
import logging.config
import re
from typing import Any

import structlog

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

# What a terminal obeys, beside the control characters that JSON escapes: C1, ends of lines, other directions; and
# halves of characters, which cannot be written at all.
_MOVES_THE_CURSOR = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def json_lines() -> logging.Formatter:
    """Return the formatter of all log records, ours and the server's."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_one_line, ensure_ascii=False),
        ],
    )


def log_configuration(level: str) -> dict[str, Any]:
    """Return the configuration of `logging`.

    urllib3 is silent at every level: it writes the URLs that it calls, and ours are signed. With no handler at all
    its warnings would go to standard error.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "factory_mock.logs.json_lines"}},
        "handlers": {
            "stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"},
            "nowhere": {"class": "logging.NullHandler"},
        },
        "root": {"handlers": ["stdout"], "level": "WARNING"},
        "loggers": {
            "factory_mock": {"level": level},
            "_granian": {},
            "urllib3": {"handlers": ["nowhere"], "propagate": False},
        },
    }


def configure_logs(level: str) -> None:
    """Send every log record of this process to standard output as JSON, from this level on."""
    logging.config.dictConfig(log_configuration(level))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def _one_line(record: Any, **options: Any) -> str:
    """Return a record as JSON that is one line to everybody and that no terminal obeys, whatever is in it."""
    return _MOVES_THE_CURSOR.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(record, **options))
