"""The published document: valid, complete, and true."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import openapi_spec_validator
import pytest
import schemathesis
import yaml
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from factory_mock.docs_routes import DOCUMENT, docs_routes
from factory_mock.factory import Factory
from factory_mock.faults import Faults
from factory_mock.operators import FAILURES_ALLOWED
from factory_mock.order_form import OrderForm
from tests.factory_mock.conftest import OPERATOR
from tests.factory_mock.shop import Shop

Document = dict[str, Any]
Answers = dict[tuple[str, str], list[TestResponse]]
METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
PUBLISHED: Document = yaml.safe_load(DOCUMENT.read_bytes())
UNDOCUMENTED_ROUTES = {
    "/",
    "/docs",
    "/docs/redoc.standalone.js",
    "/docs/static/<path:filename>",
    "/openapi.json",
    "/openapi.yaml",
}


def test_the_document_is_valid_openapi_3_1() -> None:
    assert PUBLISHED["openapi"] == "3.1.0"
    openapi_spec_validator.validate(PUBLISHED)


def test_every_operation_is_described_in_korean_and_in_english() -> None:
    for path, item in PUBLISHED["paths"].items():
        for method, operation in item.items():
            for text in (operation["summary"], operation["description"]):
                assert re.search("[가-힣]", text), (path, method, text)
                assert re.search("[A-Za-z]{3}", text), (path, method, text)


def test_the_very_file_is_served_as_yaml_and_as_json(client: FlaskClient) -> None:
    as_yaml, as_json = client.get("/openapi.yaml"), client.get("/openapi.json")

    assert as_yaml.data == DOCUMENT.read_bytes()
    assert as_yaml.content_type == "application/yaml"
    assert as_json.get_json() == PUBLISHED
    assert as_json.content_type == "application/json"


def test_the_first_curl_names_the_port_that_the_factory_listens_on() -> None:
    app = Flask("docs")
    app.register_blueprint(docs_routes(port=18001, frame_ancestors=()))
    client = app.test_client()

    for served in (client.get("/openapi.yaml"), client.get("/openapi.json")):
        assert b"curl -i http://127.0.0.1:18001/api/manufactures" in served.data
        assert b":8001" not in served.data


def test_every_route_is_documented_and_every_documented_operation_is_a_route(client: FlaskClient) -> None:
    routes = {
        (rule.rule.replace("<", "{").replace(">", "}"), method.lower())
        for rule in client.application.url_map.iter_rules()
        if rule.rule not in UNDOCUMENTED_ROUTES
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    documented = {
        (path, method) for path, item in PUBLISHED["paths"].items() for method in item if method in METHODS
    }

    assert routes == documented


def test_the_order_is_documented_as_it_is_read() -> None:
    documented = PUBLISHED["components"]["schemas"]["Order"]
    read = OrderForm.model_json_schema(by_alias=True)

    assert set(documented["properties"]) == set(read["properties"])
    assert set(documented["required"]) == set(read["required"])
    for name, schema in read["properties"].items():
        reference = documented["properties"][name].get("$ref", "").rpartition("/")[2]
        limits = {**PUBLISHED["components"]["schemas"].get(reference, {}), **documented["properties"][name]}
        for limit in ("minLength", "maxLength"):
            assert limits.get(limit) == schema.get(limit), (name, limit)


def test_the_switches_are_documented_as_they_are_read() -> None:
    documented = PUBLISHED["components"]["schemas"]
    read = Faults.model_json_schema()

    assert set(documented["Faults"]["properties"]) == set(read["properties"])
    for name, switch in documented["Faults"]["properties"].items():
        properties = switch.get("properties") or documented["Switch"]["properties"]
        model = read["properties"][name]["anyOf"][0]["$ref"].rpartition("/")[2]
        for setting, schema in properties.items():
            if setting != "times":
                expected = dict(read["$defs"][model]["properties"][setting])
                assert schema == {name: value for name, value in expected.items() if name != "title"}


def examples(media_type: str) -> list[Any]:
    content = PUBLISHED["components"]["requestBodies"]["Order"]["content"]
    return [example["value"] for example in content[media_type]["examples"].values()]


@pytest.mark.parametrize("example", examples("application/json"))
def test_every_json_example_of_an_order_is_taken(client: FlaskClient, example: Document) -> None:
    assert client.post("/api/manufactures", json=example).status_code == 202


@pytest.mark.parametrize("example", examples("application/xml"))
def test_every_xml_example_of_an_order_is_taken(client: FlaskClient, example: str) -> None:
    response = client.post("/api/manufactures", data=example.encode(), content_type="application/xml")

    assert response.status_code == 202


def test_the_first_order_of_the_introduction_is_taken(client: FlaskClient) -> None:
    """Somebody who copies the curl command gets what it promises."""
    [command] = re.findall(r"```sh\n(.*?)```", PUBLISHED["info"]["description"], re.DOTALL)
    [body] = re.findall(r"-d '(.*?)'", command, re.DOTALL)

    response = client.post("/api/manufactures", data=body.encode(), content_type="application/json")

    assert "8001/api/manufactures" in command
    assert response.status_code == 202


def test_every_example_of_the_switches_is_taken(client: FlaskClient) -> None:
    content = PUBLISHED["paths"]["/faults"]["put"]["requestBody"]["content"]["application/json"]

    for example in content["examples"].values():
        response = client.put("/faults", json=example["value"], headers=OPERATOR)
        assert response.status_code == 200, response.text


@pytest.fixture
def answers(
    make_factory: Callable[..., Factory], client_of: Callable[..., FlaskClient], order: Document
) -> Answers:
    """Every kind of answer that the factory gives, by the operation that gives it."""
    factory = make_factory()
    client = client_of(factory)
    closed = client_of(make_factory(), operator_token=None)
    full = client_of(make_factory(lead_time_seconds=3600, limit=1))
    full.post("/api/manufactures", json=order)
    given: Answers = {}

    def add(path: str, method: str, *responses: TestResponse) -> None:
        given.setdefault((path, method), []).extend(responses)

    for path in ("/api/manufactures", "/api/manufacture"):
        key = {"Idempotency-Key": path}
        add(
            path,
            "POST",
            client.post(path, json=order, headers=key),
            client.post(path, json=order, headers=key),
            client.post(path, json=order | {"MessageAttributeProductCnt": 20}, headers=key),
            client.post(path, json=order | {"CallbackUrl": "http://example.com/"}),
            client.post(path, json={}),
            client.post(path, data=b"{", content_type="application/json"),
            client.post(path, data=b" " * 70_000, content_type="application/json"),
            client.post(path, data=b"", content_type="text/plain"),
            full.post(path, json=order),
        )
        for status in (418, 429, 500, 503):
            factory.panel.switch(Faults.model_validate({"refuse": {"status": status, "times": 1}}))
            add(path, "POST", client.post(path, json=order))
    add("/api/manufactures", "GET", client.get("/api/manufactures"), client.get("/api/manufactures?limit=0"))
    known = client.post("/api/manufactures", json=order).headers["Location"]
    add("/api/manufactures/{order_id}", "GET", client.get(known), client.get("/api/manufactures/unknown"))
    add_status_and_faults(add, client, closed)
    factory.stop()
    add("/readyz", "GET", client.get("/readyz"))
    return given


def add_status_and_faults(add: Callable[..., None], client: FlaskClient, closed: FlaskClient) -> None:
    for path in ("/status", "/healthz", "/readyz"):
        add(path, "GET", client.get(path))
    for method in ("GET", "PUT"):
        add(
            "/faults",
            method,
            client.open("/faults", method=method, json={}, headers=OPERATOR),
            client.open("/faults", method=method, json={}),
            closed.open("/faults", method=method, json={}),
        )
    add(
        "/faults",
        "PUT",
        client.put("/faults", data=b"{", content_type="application/json", headers=OPERATOR),
        client.put("/faults", data=b"{}", content_type="text/plain", headers=OPERATOR),
        client.put("/faults", data=b" " * 70_000, content_type="application/json", headers=OPERATOR),
        client.put("/faults", json={"explode": True}, headers=OPERATOR),
    )
    for _ in range(FAILURES_ALLOWED):
        client.get("/faults", headers={"Authorization": "Bearer wrong"})
    for method in ("GET", "PUT"):
        add("/faults", method, client.open("/faults", method=method, json={}, headers=OPERATOR))


def test_every_answer_is_documented_and_every_documented_answer_is_given(
    answers: Answers, client: FlaskClient
) -> None:
    schema = schemathesis.openapi.from_wsgi("/openapi.json", client.application)
    for (path, method), responses in answers.items():
        for response in responses:
            schema[path][method].validate_response(response)

    given = {
        (path, method.lower(), documented_status(path, method.lower(), response.status_code))
        for (path, method), responses in answers.items()
        for response in responses
    }
    documented = {
        (path, method, status)
        for path, item in PUBLISHED["paths"].items()
        for method, operation in item.items()
        for status in operation["responses"]
    }
    assert given == documented


def test_every_telling_header_is_documented_and_every_required_one_is_sent(answers: Answers) -> None:
    telling = {"Location", "Idempotent-Replayed", "Retry-After", "WWW-Authenticate", "Accept"}

    for (path, method), responses in answers.items():
        for response in responses:
            status = documented_status(path, method.lower(), response.status_code)
            documented = resolve(PUBLISHED["paths"][path][method.lower()]["responses"][status])
            headers = {name: resolve(header) for name, header in documented.get("headers", {}).items()}
            sent = telling & set(response.headers.keys())
            required = {name for name, header in headers.items() if header.get("required")}
            assert required <= sent <= set(headers), (path, method, status)


def resolve(schema: Document) -> Document:
    """Return what a reference within the document stands for, or the schema itself."""
    found: Any = schema
    if "$ref" in schema:
        found = PUBLISHED
        for key in schema["$ref"].removeprefix("#/").split("/"):
            found = found[key]
    return dict(found)


def documented_status(path: str, method: str, status: int) -> str:
    """Return under which key this status is documented: itself, or its range."""
    responses = PUBLISHED["paths"][path][method]["responses"]
    return str(status) if str(status) in responses else f"{status // 100}XX"


def test_the_callback_is_what_the_document_says(client: FlaskClient, shop: Shop, order: Document) -> None:
    delivery = PUBLISHED["components"]["callbacks"]["Delivery"]["{$request.body#/CallbackUrl}"]["post"]
    schema = delivery["requestBody"]["content"]["application/json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/Callback"}

    client.post("/api/manufactures", json=order)

    [told] = shop.wait_for(1)
    callback = PUBLISHED["components"]["schemas"]["Callback"]
    assert set(callback["required"]) <= set(told.body) <= set(callback["properties"])
    assert all(
        parameter["name"].lower() in told.headers for parameter in delivery["parameters"] if parameter["required"]
    )
    assert set(told.body) == set(delivery["requestBody"]["content"]["application/json"]["example"])
