"""Logs: one JSON object a line, with the correlation id of what it is about. Never a body, never a query."""

import json
import logging
import re
import sys
from typing import Any, TextIO

import structlog

_MOVES_THE_CURSOR = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a terminal obeys, beside the control characters that JSON escapes: C1, ends of lines, other directions; and
halves of characters, which cannot be written at all."""


def configure_logs(*, level: str, stream: TextIO | None = None) -> None:
    """Write structured logs of this level and above, to standard output unless told otherwise."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_one_line, ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.WriteLoggerFactory(stream or sys.stdout),
    )
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # it logs whole URLs, and one is signed
    # A connection that breaks while it is given back is thrown away: nobody need be shown where that was noticed.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")


def _one_line(record: Any, **options: Any) -> str:
    """A record as JSON: one line to everybody, obeyed by no terminal, whatever strangers wrote in it."""
    return _MOVES_THE_CURSOR.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(record, **options))
