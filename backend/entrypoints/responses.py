"""Answers that many calls share, for the document and for the code."""

from http import HTTPStatus
from typing import Any

from flask import Response
from flask_openapi.models.response import Response as DocumentedResponse
from pydantic import BaseModel

from backend.entrypoints.problems import MEDIA_TYPE, Problem

JSON = "application/json"

Answers = dict[str | int | HTTPStatus, type[BaseModel] | DocumentedResponse | dict[str, Any] | None]
"""Status to what the document says of it."""

PROBLEM_SCHEMA = {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}
RETRY_AFTER = {"Retry-After": {"description": "seconds to wait", "schema": {"type": "integer", "minimum": 1}}}


def problem(description: str) -> dict[str, Any]:
    """The document's words for a problem answer."""
    return {"description": description, "content": {MEDIA_TYPE: PROBLEM_SCHEMA}}


def json_or_csv(model: type[BaseModel]) -> dict[str, Any]:
    """The document's words for an answer that is JSON, or CSV where that is asked for."""
    schema = model.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    return {
        "description": "OK",
        "content": {"application/json": {"schema": schema}, "text/csv": {"schema": {"type": "string"}}},
    }


def problem_of(model: type[Problem], description: str) -> dict[str, Any]:
    """The document's words for a problem answer with members of its own."""
    schema = model.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    return {"description": description, "content": {MEDIA_TYPE: {"schema": schema}}}


UNAVAILABLE = problem("the database is not available; send the request again") | {"headers": RETRY_AFTER}
BAD_BODY: Answers = {
    "400": problem("the body is not a JSON object"),
    "413": problem("the body is longer than 64 KiB"),
    "415": problem("the body is not application/json"),
    "422": problem("a field is wrong; `errors` names it"),
}
BAD_PARAMETER: Answers = {"422": problem("a parameter is wrong; `errors` names it")}
UNAUTHORIZED: Answers = {
    "401": problem("the operator token is missing or wrong"),
    "429": problem("too many wrong tokens came from this address") | {"headers": RETRY_AFTER},
}


def json_response(view: BaseModel, status: int = 200) -> Response:
    """A view as JSON in UTF-8."""
    return Response(view.model_dump_json(), status=status, content_type=JSON)
