"""A client that believes nothing: every answer must be one that the API's document promises."""

import copy
import re
from dataclasses import dataclass
from typing import Any

import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from schemathesis.schemas import BaseSchema
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
A_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")

Produced = tuple[str, str, str, str]
"""Method, path as documented, status, media type."""


@dataclass(frozen=True)
class Published:
    """The document as it is published, and as answers are held against it."""

    paths: dict[str, Any]
    schema: BaseSchema

    @classmethod
    def read(cls, app: Flask) -> "Published":
        """The document of an app."""
        published: dict[str, Any] = FlaskClient(app, app.response_class).get("/openapi.json").get_json()
        return cls(paths=published["paths"], schema=schemathesis.openapi.from_dict(_strict(published)))


class CheckedClient(FlaskClient):
    """Flask's test client; ``produced`` collects what kinds of answers were given."""

    published: Published | None = None
    produced: set[Produced]

    def expect(self, published: Published) -> None:
        """From now on, hold every answer against this document."""
        self.published = published
        self.produced = set()

    def open(self, *arguments: Any, **named: Any) -> TestResponse:
        """Send a request and check its answer."""
        response = super().open(*arguments, **named)
        if self.published is not None and (documented := self._operation(response, self.published)):
            self._check(response, self.published, *documented)
        return response

    def _operation(self, response: TestResponse, published: Published) -> tuple[str, str] | None:
        request = response.request
        try:
            rule, _ = self.application.url_map.bind_to_environ(request.environ).match(return_rule=True)
        except (HTTPException, RequestRedirect):
            return None
        path = re.sub(r"<(?:[^:<]+:)?([^>]+)>", r"{\1}", rule.rule)
        method = "GET" if request.method == "HEAD" else request.method
        return (method, path) if method.lower() in published.paths.get(path, {}) else None

    def _check(self, response: TestResponse, published: Published, method: str, path: str) -> None:
        documented = published.paths[path][method.lower()]["responses"]
        status = str(response.status_code)
        assert status in documented, f"{method} {path} answered {status}, which its document does not name"
        media_type = str(response.mimetype)
        assert media_type in documented[status]["content"], f"{method} {path} {status} is {media_type}"
        self.produced.add((method, path, status, media_type))
        assert set(documented[status].get("headers", ())) <= set(response.headers.keys())
        if response.request.method == "HEAD":
            return
        published.schema[path][method].validate_response(response)
        if media_type.endswith("json"):
            assert "\\u" not in response.text, "JSON is UTF-8, unescaped"
            _check_times(response.get_json(force=True))


def _check_times(value: Any) -> None:
    """Every text that looks like a time is RFC 3339 in UTC with a Z."""
    if isinstance(value, dict):
        for one in value.values():
            _check_times(one)
    elif isinstance(value, list):
        for one in value:
            _check_times(one)
    elif isinstance(value, str) and A_TIME.match(value):
        assert TIME.fullmatch(value), f"{value} is not RFC 3339 in UTC"


def _strict(published: dict[str, Any]) -> dict[str, Any]:
    """The document, no object of which may have more members than it names."""
    strict = copy.deepcopy(published)
    _forbid_more(strict)
    return strict


def _forbid_more(value: Any) -> None:
    if isinstance(value, dict):
        if value.get("type") == "object" and isinstance(value.get("properties"), dict):
            value.setdefault("additionalProperties", False)
        for one in value.values():
            _forbid_more(one)
    elif isinstance(value, list):
        for one in value:
            _forbid_more(one)
