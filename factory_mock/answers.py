"""Responses as the factory writes them: UTF-8 JSON, unescaped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import orjson
from flask import Response


def answer(
    document: object,
    *,
    status: int = 200,
    media_type: str = "application/json",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a document as a response that no cache keeps."""
    response = Response(orjson.dumps(document), status=status, content_type=media_type)
    response.headers["Cache-Control"] = "no-store"
    response.headers.update(headers or {})
    return response


def rfc3339(moment: datetime | None) -> str | None:
    """Return a moment in UTC as RFC 3339 writes it, to the microsecond."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
