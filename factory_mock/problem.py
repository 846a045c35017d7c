"""A problem document (RFC 9457)."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Response

from factory_mock.answers import answer

PROBLEM = "application/problem+json"
LONGEST_NAME = 80
MOST_ERRORS = 20


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What a problem document says. `errors` are pairs of a field and what is wrong with it."""

    status: int
    slug: str
    title: str
    detail: str
    errors: list[tuple[str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """Return the document as a response."""
        document: dict[str, object] = {
            "type": f"urn:factoauto:factory:{self.slug}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            document["errors"] = [
                {"field": name[:LONGEST_NAME], "detail": detail} for name, detail in self.errors[:MOST_ERRORS]
            ]
        return answer(document, status=self.status, media_type=PROBLEM, headers=self.headers)
