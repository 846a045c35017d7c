"""How a shop is told: again when it could not listen, and not again when it refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from factory_mock.factory import Factory
from factory_mock.order_form import OrderForm
from factory_mock.orders import DeliveryStatus, Order, OrderStatus
from tests.factory_mock.shop import Shop
from tests.servers.waiting import wait_until

pytestmark = pytest.mark.usefixtures("quick_retries")
KEY = "replenishment-1"


@pytest.fixture
def form(order: dict[str, Any]) -> OrderForm:
    return OrderForm.model_validate(order)


@pytest.fixture
def factory(make_factory: Callable[..., Factory]) -> Factory:
    return make_factory()


def settled(factory: Factory, order: Order) -> Order:
    """Return the order as soon as nothing more happens to it."""
    wait_until(lambda: factory.book.get(order.id).settled, seconds=10, what="the order to be settled")
    return factory.book.get(order.id)


def test_a_shop_in_trouble_is_told_again_as_the_same_delivery(
    factory: Factory, shop: Shop, form: OrderForm
) -> None:
    shop.answers = [(503, {}), (500, {})]

    order, _ = factory.place(form, idempotency_key=KEY)

    told = shop.wait_for(3)
    assert len({one.delivery for one in told}) == 1
    [delivery] = settled(factory, order).deliveries
    assert (delivery.status, delivery.attempts, delivery.last_error) == (DeliveryStatus.ACCEPTED, 3, None)


def test_a_refusal_is_noted_and_not_tried_again(factory: Factory, shop: Shop, form: OrderForm) -> None:
    shop.answers = [(409, {})]

    order, _ = factory.place(form, idempotency_key=KEY)

    after = settled(factory, order)
    [delivery] = after.deliveries
    assert after.status is OrderStatus.UNDELIVERED
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.REFUSED, 1)
    assert delivery.last_error == "answered 409"


def test_a_shop_that_stays_in_trouble_is_given_up_and_told_again_when_it_asks(
    factory: Factory, shop: Shop, form: OrderForm
) -> None:
    shop.answers = [(503, {})] * 3
    order, _ = factory.place(form, idempotency_key=KEY)
    assert settled(factory, order).deliveries[0].status is DeliveryStatus.FAILED

    factory.place(form, idempotency_key=KEY)

    shop.wait_for(4)
    wait_until(lambda: factory.book.get(order.id).status is OrderStatus.DELIVERED, seconds=10, what="delivery")
    assert len({one.delivery for one in shop.told}) == 1


def test_a_repeat_takes_the_place_of_a_retry_that_still_waits(
    factory: Factory, shop: Shop, form: OrderForm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shop that is back asks again, and need not wait until its turn comes."""
    monkeypatch.setattr("factory_mock.callbacks.seconds_until_retry", lambda **_: 3600.0)
    shop.answers = [(503, {})]
    order, _ = factory.place(form, idempotency_key=KEY)
    shop.wait_for(1)
    wait_until(lambda: factory.book.get(order.id).deliveries[0].attempts == 1, seconds=10, what="the note")

    factory.place(form, idempotency_key=KEY)

    assert settled(factory, order).status is OrderStatus.DELIVERED
    assert len(shop.told) == 2


def test_what_is_noted_and_logged_of_a_failure_holds_no_signature(
    factory: Factory, form: OrderForm, shop: Shop, log: list[Any]
) -> None:
    unreachable = form.model_copy(update={"callback_url": "http://127.0.0.1:1/callback?signature=genuine"})

    order, _ = factory.place(unreachable, idempotency_key=KEY)

    after = settled(factory, order)
    assert after.deliveries[0].last_error == "no answer (NewConnectionError)"
    assert "genuine" not in str(log)


def test_one_shop_that_hangs_does_not_hold_up_another(factory: Factory, shop: Shop, form: OrderForm) -> None:
    shop.open.clear()
    with Shop() as other:
        factory.place(form)
        shop.wait_for(1)

        factory.place(form.model_copy(update={"callback_url": f"{other.url}/callback"}))

        other.wait_for(1)
        shop.open.set()
