"""Generated requests: whatever is sent, nothing fails, and the answer is one that the document names."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import positive_data_acceptance

from backend.store.migrate import upgrade
from tests.api.calls import operations
from tests.api.shop import ALICE, Shop, bearer
from tests.factory_mock.process import FactoryProcess

KNOWN = "CP-502101"
EXAMPLES = 8


@pytest.fixture(scope="module")
def fuzzed_shop(
    make_shop: Callable[..., Shop],
    aws: Callable[[], dict[str, str]],
    factory: FactoryProcess,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Shop]:
    """A shop to be treated badly."""
    url = f"sqlite:///{tmp_path_factory.mktemp('fuzzing') / 'shop.db'}"
    upgrade(database_url=url)
    shop = make_shop(url, **aws(), simulator=True, factory_url=factory.url)
    shop.open_product(sku=KNOWN, on_hand=500)
    yield shop
    shop.operate("PUT", "/api/simulator/faults", {})


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_no_generated_request_fails_or_gets_an_answer_that_is_not_documented(
    fuzzed_shop: Shop, published: dict[str, Any], mode: schemathesis.GenerationMode
) -> None:
    order = str(fuzzed_shop.operate("POST", f"/api/products/{KNOWN}/restock", {}).get_json()["id"])
    schema = schemathesis.openapi.from_wsgi("/openapi.json", fuzzed_shop.app)
    negative = mode is schemathesis.GenerationMode.NEGATIVE
    for path, method, operation in operations(published):
        if negative and not can_be_wrong(operation):
            continue
        requests = schema[path][method.upper()].as_strategy(generation_mode=mode)

        @settings(max_examples=EXAMPLES, database=None, deadline=None, derandomize=True, phases=[Phase.generate])
        @given(requests, st.booleans())
        def send(case: schemathesis.Case[Any], about_what_is_there: bool) -> None:
            if about_what_is_there and not negative:
                point_at(case, order)
            # What the schema allows may still contradict the shop: no such product, not enough stock.
            case.call_and_validate(headers=bearer(ALICE), excluded_checks=[positive_data_acceptance])

        send()


def can_be_wrong(operation: dict[str, Any]) -> bool:
    """Tell whether there is anything in a request that its schema could find wrong."""
    parameters = [one for one in operation.get("parameters", []) if one["in"] != "path"]
    return bool(parameters or "requestBody" in operation or "security" in operation)


def point_at(case: schemathesis.Case[Any], order: str) -> None:
    """Let a request be about a product and an order that exist, or it would mostly find nothing."""
    for holder in (case.path_parameters, case.query, case.body):
        if isinstance(holder, dict):
            for name in ("sku", "MessageAttributeProductId"):
                if isinstance(holder.get(name), str):
                    holder[name] = KNOWN
            if "replenishment_id" in holder:
                holder["replenishment_id"] = order
