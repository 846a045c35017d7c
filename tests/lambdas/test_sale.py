"""``sale``: API Gateway's events to the shop's API, and what ran short onto the topic."""

import json
from types import ModuleType

import pytest

from backend.store.products import lock_product
from tests.lambdas.account import Account
from tests.lambdas.events import API_SECONDS, SWEEP_SECONDS, Context, body_of, http_event

SOLD, OUT_OF_STOCK = {"message": "판매완료"}, {"message": "재고부족, 제품 생산 요청!"}


def _send(sku: str) -> dict[str, object]:
    return http_event("POST", "/send", body={"MessageAttributeProductId": sku, "subject": "부산도너츠"})


def test_a_purchase_is_sold_until_the_shelf_is_empty_and_the_shortage_is_on_the_queue(
    lambdas: ModuleType, account: Account, sku: str
) -> None:
    answers = [lambdas.sale(_send(sku), Context()) for _ in range(3)]

    [message] = account.receive()
    assert [body_of(answer) for answer in answers] == [SOLD, OUT_OF_STOCK, OUT_OF_STOCK]
    assert {answer["statusCode"] for answer in answers} == {200}
    assert json.loads(message["Body"])["Subject"] == "부산도너츠"


def test_a_body_in_base64_is_read(lambdas: ModuleType, sku: str) -> None:
    event = http_event("POST", "/send", body={"MessageAttributeProductId": sku}, in_base64=True)

    assert body_of(lambdas.sale(event, Context())) == SOLD


def test_a_repeated_event_gets_the_first_answer(lambdas: ModuleType, sku: str) -> None:
    """API Gateway repeats nothing, but customers do: the key comes from them."""
    event = http_event(
        "POST", "/api/purchases", body={"sku": sku, "quantity": 1}, headers={"Idempotency-Key": sku}
    )

    first, second = lambdas.sale(event, Context()), lambdas.sale(event, Context())

    assert first["statusCode"] == 201
    assert body_of(first) == body_of(second)


def test_queries_and_korean_travel_through_the_gateway(lambdas: ModuleType, sku: str) -> None:
    answer = lambdas.sale(http_event("GET", f"/api/products/{sku}/movements?limit=1"), Context())

    assert answer["statusCode"] == 200
    assert len(body_of(answer)["movements"]) == 1


@pytest.mark.parametrize("body", ["{", "[]", b"\xff", None], ids=["cut short", "a list", "no UTF-8", "nothing"])
def test_a_malformed_body_is_a_problem_of_the_customer(lambdas: ModuleType, body: str | bytes | None) -> None:
    event = http_event("POST", "/send", body=body, in_base64=isinstance(body, bytes))

    answer = lambdas.sale(event, Context())

    assert 400 <= answer["statusCode"] < 500
    assert answer["headers"]["content-type"] == "application/problem+json"


def test_a_shortage_that_cannot_be_published_is_answered_all_the_same(
    lambdas: ModuleType, account: Account, sku: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order is in the outbox; the sweep publishes it."""
    parts = lambdas.running.parts()
    monkeypatch.setattr(parts.topic, "_client", parts.queue._client)  # it knows no such call
    lambdas.sale(_send(sku), Context())

    answer = lambdas.sale(_send(sku), Context())

    assert body_of(answer) == OUT_OF_STOCK
    assert account.receive() == []


def test_nothing_is_published_when_the_functions_time_is_nearly_up(
    lambdas: ModuleType, account: Account, sku: str
) -> None:
    lambdas.sale(_send(sku), Context())

    answer = lambdas.sale(_send(sku), Context(timeout_seconds=4))

    assert body_of(answer) == OUT_OF_STOCK
    assert account.receive() == []
    lambdas.sweep({}, Context(timeout_seconds=SWEEP_SECONDS))
    assert len(account.receive()) == 1


def test_a_customer_is_told_that_the_database_is_busy_before_the_functions_time_is_up(
    lambdas: ModuleType, sku: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing waits for the same database again: Lambda would stop the function, and with it the answer."""
    relayed: list[object] = []
    monkeypatch.setattr(lambdas, "_relay_in_time", lambda *asked: relayed.append(asked))
    context = Context(timeout_seconds=API_SECONDS)
    with lambdas.running.parts().database.unit_of_work() as somebody_else:
        lock_product(somebody_else, sku)

        answer = lambdas.sale(_send(sku), context)

    assert answer["statusCode"] == 503
    assert body_of(answer)["type"] == "urn:factoauto:problem:database-unavailable"
    assert context.get_remaining_time_in_millis() > 0
    assert relayed == []


def test_a_file_that_lambda_cannot_answer_is_refused_with_the_way_to_get_it(
    lambdas: ModuleType, sku: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gateway would answer a bare 500."""
    event = http_event("GET", f"/api/products/{sku}/movements", headers={"Accept": "text/csv"})
    whole = lambdas.sale(event, Context())
    monkeypatch.setattr("backend.entrypoints.lambda_answers.LARGEST_ANSWER", len(json.dumps(whole)) - 1)

    answer = lambdas.sale(event, Context())

    assert whole["headers"]["content-type"].startswith("text/csv")
    assert (answer["statusCode"], body_of(answer)["status"]) == (413, 413)
    assert answer["headers"]["content-type"] == "application/problem+json"
    assert "content-disposition" not in answer["headers"]
    assert "factoauto export" in body_of(answer)["detail"]


def test_what_just_fits_is_answered(lambdas: ModuleType, sku: str, monkeypatch: pytest.MonkeyPatch) -> None:
    event = http_event("GET", f"/api/products/{sku}/movements", headers={"Accept": "text/csv"})
    size = len(json.dumps(lambdas.sale(event, Context()), ensure_ascii=False).encode())
    monkeypatch.setattr("backend.entrypoints.lambda_answers.LARGEST_ANSWER", size)

    assert lambdas.sale(event, Context())["statusCode"] == 200


def test_an_event_of_something_else_than_the_gateway_fails_the_function(lambdas: ModuleType) -> None:
    with pytest.raises(KeyError):
        lambdas.sale({"Records": []}, Context())
