"""``stock_inc``: the factory's callback."""

from types import ModuleType

from tests.integration.served import callback_path
from tests.integration.till import Till
from tests.lambdas.account import CALLBACK_SECRET
from tests.lambdas.events import Context, body_of, http_event


def test_a_delivery_fills_the_shelf_once_however_often_it_is_told(
    lambdas: ModuleType, till: Till, sku: str
) -> None:
    order = till.restock(sku=sku).replenishment.id
    path = callback_path(order, secret=CALLBACK_SECRET)
    event = http_event("POST", path, body={"MessageAttributeProductCnt": 10})

    answers = [lambdas.stock_inc(event, Context()) for _ in range(2)]

    shelf = body_of(lambdas.sale(http_event("GET", f"/api/products/{sku}"), Context()))
    assert [body_of(answer) for answer in answers] == [{"message": "입고완료"}] * 2
    assert shelf["on_hand"] == 11


def test_a_forged_delivery_is_refused(lambdas: ModuleType, till: Till, sku: str) -> None:
    order = till.restock(sku=sku).replenishment.id
    path = callback_path(order, secret="somebody-elses-secret")

    answer = lambdas.stock_inc(http_event("POST", path, body={"MessageAttributeProductCnt": 10}), Context())

    assert answer["statusCode"] == 401
