"""One JSON object a line on standard output, whoever writes it."""

from __future__ import annotations

import logging.config
from typing import Any

import structlog

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def json_lines() -> logging.Formatter:
    """Return the formatter of all log records, ours and the server's."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def log_configuration(level: str) -> dict[str, Any]:
    """Return the configuration of `logging`.

    urllib3 is silent at every level: it writes the URLs that it calls, and ours are signed.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "factory_mock.logs.json_lines"}},
        "handlers": {
            "stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"}
        },
        "root": {"handlers": ["stdout"], "level": "WARNING"},
        "loggers": {
            "factory_mock": {"level": level},
            "_granian": {},
            "urllib3": {"handlers": [], "propagate": False},
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
