"""Logs: one JSON object a line, with the correlation id of what it is about. Never a body, never a query."""

import logging
import sys
from typing import TextIO

import structlog


def configure_logs(*, level: str, stream: TextIO | None = None) -> None:
    """Write structured logs of this level and above, to standard output unless told otherwise."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.WriteLoggerFactory(stream or sys.stdout),
    )
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # it logs whole URLs, and one is signed
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
