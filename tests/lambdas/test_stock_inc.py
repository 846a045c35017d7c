"""``stock_inc``: the factory's callback."""

from types import ModuleType

import uuid_utils

from tests.integration.served import callback_path
from tests.integration.till import Till
from tests.lambdas.account import CALLBACK_SECRET, Account
from tests.lambdas.events import SWEEP_SECONDS, Context, body_of, http_event


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


def test_a_delivery_that_leaves_the_product_short_publishes_the_next_order_itself(
    lambdas: ModuleType, account: Account, till: Till
) -> None:
    """No sale and no sweep comes between."""
    sku = f"CP-{uuid_utils.uuid4().hex[:12]}"
    till.open(sku, on_hand=0, reorder_point=20, lot_size=10)
    order = till.restock(sku=sku, quantity=10).replenishment.id
    path = callback_path(order, secret=CALLBACK_SECRET)
    lambdas.sweep({}, Context(timeout_seconds=SWEEP_SECONDS))
    account.empty_queue()

    answer = lambdas.stock_inc(http_event("POST", path, body={"MessageAttributeProductCnt": 10}), Context())

    [message] = account.receive()
    newest, oldest = till.orders(sku=sku)
    assert answer["statusCode"] == 200
    assert (oldest.id, newest.status.value) == (order, "published")
    assert newest.id in message["Body"]


def test_a_forged_delivery_is_refused(lambdas: ModuleType, till: Till, sku: str) -> None:
    order = till.restock(sku=sku).replenishment.id
    path = callback_path(order, secret="somebody-elses-secret")

    answer = lambdas.stock_inc(http_event("POST", path, body={"MessageAttributeProductCnt": 10}), Context())

    assert answer["statusCode"] == 401
