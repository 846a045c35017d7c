"""The published document: valid, complete, and the same as the code."""

import re

import openapi_spec_validator

from tests.api.calls import operations
from tests.api.shop import JSON, Shop

UNDOCUMENTED = {
    "/",
    "/openapi.json",
    "/docs",
    "/docs/assets/<path:name>",
    "/static/<path:filename>",
}


def test_the_document_is_valid_openapi_3_1(published: JSON) -> None:
    assert published["openapi"] == "3.1.0"
    openapi_spec_validator.validate(published)


def test_every_route_is_documented_and_every_documented_call_is_a_route(
    sqlite_shop: Shop, published: JSON
) -> None:
    routes = {
        (re.sub(r"<(?:[^:<]+:)?([^>]+)>", r"{\1}", rule.rule), method.lower())
        for rule in sqlite_shop.app.url_map.iter_rules()
        if rule.rule not in UNDOCUMENTED and not rule.endpoint.startswith("docs.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert routes == {(path, method) for path, method, _ in operations(published)}


def test_every_call_says_what_it_does_in_korean_and_in_english(published: JSON) -> None:
    names = set()
    for path, method, operation in operations(published):
        assert re.search("[가-힣]", operation["summary"]), (method, path)
        assert re.search("[A-Za-z]{3}", operation["summary"]), (method, path)
        assert operation["description"], (method, path)
        names.add(operation["operationId"])
    assert len(names) == len(list(operations(published))), "operation ids are unique"


def test_every_part_of_a_path_and_every_answer_s_form_is_documented(published: JSON) -> None:
    for path, method, operation in operations(published):
        named = {one["name"] for one in operation.get("parameters", []) if one["in"] == "path"}
        assert named == set(re.findall(r"{(\w+)}", path)), (method, path)
        for status, response in operation["responses"].items():
            assert response["description"], (method, path, status)
            assert all("schema" in content for content in response["content"].values()), (method, path, status)


def test_operator_calls_and_no_others_are_marked_with_their_token(published: JSON) -> None:
    for path, method, operation in operations(published):
        assert ("401" in operation["responses"] and "callbacks" not in path) == bool(operation.get("security"))
        assert ("429" in operation["responses"]) == bool(operation.get("security")), (method, path)
    assert published["components"]["securitySchemes"]["operator"] == {"type": "http", "scheme": "bearer"}


def test_a_key_is_documented_where_it_is_read(published: JSON) -> None:
    taking_keys = {
        f"{method} {path}"
        for path, method, operation in operations(published)
        if any(one["name"] == "Idempotency-Key" for one in operation.get("parameters", []))
    }

    assert taking_keys == {
        "post /send",
        "post /api/purchases",
        "post /api/products/{sku}/restock",
        "post /api/products/{sku}/adjustments",
        "post /api/products/{sku}/returns",
        "post /api/movements/import",
        "post /callbacks/replenishments/{replenishment_id}",
    }
