"""Generated requests: whatever is sent, the answer is one that the document names."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from flask import Flask, Response
from flask.testing import FlaskClient
from hypothesis import Phase, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from factory_mock.factory import Factory
from tests.factory_mock.conftest import OPERATOR
from tests.factory_mock.test_document import METHODS, PUBLISHED

OPERATIONS = [
    (path, method, operation)
    for path, item in PUBLISHED["paths"].items()
    for method, operation in item.items()
    if method in METHODS
]


def can_be_wrong(operation: dict[str, Any]) -> bool:
    """Tell whether there is anything in a request that its schema could find wrong: any path is a string."""
    parameters = [one for one in operation.get("parameters", []) if one.get("in") != "path"]
    return bool(parameters or "requestBody" in operation or "security" in operation)


RIGHT = [(path, method, schemathesis.GenerationMode.POSITIVE) for path, method, _ in OPERATIONS]
WRONG = [
    (path, method, schemathesis.GenerationMode.NEGATIVE)
    for path, method, operation in OPERATIONS
    if can_be_wrong(operation)
]


def publishing_strictly(app: Flask) -> Callable[..., Any]:
    """Return the app with a document that lacks what only the simulator's switches answer: none is on."""
    document = json.loads(json.dumps(PUBLISHED))
    for path in ("/api/manufactures", "/api/manufacture"):
        for simulated in ("4XX", "5XX"):
            del document["paths"][path]["post"]["responses"][simulated]
    strict = Response(json.dumps(document), content_type="application/json")

    def serve(environ: dict[str, Any], start_response: Any) -> Any:
        return (strict if environ["PATH_INFO"] == "/openapi.json" else app)(environ, start_response)

    return serve


@pytest.mark.parametrize(("path", "method", "mode"), RIGHT + WRONG)
def test_no_generated_request_gets_an_error_or_an_answer_that_is_not_documented(
    make_factory: Callable[..., Factory],
    client_of: Callable[..., FlaskClient],
    path: str,
    method: str,
    mode: schemathesis.GenerationMode,
) -> None:
    app = client_of(make_factory(lead_time_seconds=3600, limit=100_000)).application
    schema = schemathesis.openapi.from_wsgi("/openapi.json", publishing_strictly(app))
    requests = schema[path][method.upper()].as_strategy(generation_mode=mode)

    @settings(max_examples=15, database=None, deadline=None, derandomize=True, phases=[Phase.generate])
    @given(requests)
    def send(case: schemathesis.Case[Any]) -> None:
        # What the schema allows may still name a host that is not on the list.
        case.call_and_validate(headers=OPERATOR, excluded_checks=[positive_data_acceptance])

    send()
