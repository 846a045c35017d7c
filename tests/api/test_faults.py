"""A bad day at the factory, switch by switch: what the shop does about it, over real SNS, SQS and HTTP."""

from collections.abc import Callable, Iterator

import pytest

from backend.domain.backoff import MAX_RECEIVES
from backend.store.migrate import upgrade
from tests.api.running import (
    PATIENCE_SECONDS,
    SOON_ASKING,
    SOON_GIVING_UP,
    UNHURRIED,
    RunningShop,
    poll_quickly,
    running,
)
from tests.api.shop import JSON, Shop
from tests.factory_mock.process import FactoryProcess
from tests.servers.waiting import wait_until


@pytest.fixture(scope="module")
def database_url(shared_database_url: str, request: pytest.FixtureRequest) -> str:
    """A database whose orders are all this module's: the worker places whatever is open."""
    if shared_database_url.startswith("sqlite"):
        url = shared_database_url.replace("shared.db", "running.db")
    else:
        url = request.getfixturevalue("mariadb").create_database()
    upgrade(database_url=url)
    return url


@pytest.fixture(scope="module")
def running_shop(
    make_shop: Callable[..., Shop], factory: FactoryProcess, aws: Callable[[], dict[str, str]], database_url: str
) -> Iterator[RunningShop]:
    """The shop at work."""
    with pytest.MonkeyPatch.context() as patch:
        poll_quickly(patch)
        with running(make_shop, factory, database_url, **aws()) as shop:
            yield shop


@pytest.fixture
def shop(running_shop: RunningShop) -> Iterator[RunningShop]:
    """The shop at work, with every switch off before and after, and time to wait for the factory."""
    running_shop.set_faults()
    running_shop.be(UNHURRIED)
    yield running_shop
    running_shop.set_faults()


def short(shop: RunningShop) -> tuple[str, str]:
    """A product that ran short by 20, and the order for it, which the worker now places."""
    sku = shop.open_product(on_hand=0)
    return sku, str(shop.run_short(sku, 20)["replenishment_id"])


def events(order: JSON) -> list[str]:
    return [step["event"] for step in order["timeline"]]


def assert_all_is_well(shop: RunningShop, sku: str, order: str, *, deliveries: int = 1) -> None:
    """20 units came, once, and the factory knows of one order that was delivered."""
    done = shop.wait_until_received(order)
    assert (done["received_quantity"], shop.product(sku)["on_hand"], shop.product(sku)["on_order"]) == (20, 20, 0)
    assert [one["outcome"] for one in done["deliveries"]] == ["received"] * deliveries
    assert sum(one["quantity"] for one in shop.movements(sku)) == 20
    at_the_factory = shop.at_the_factory(order)
    assert at_the_factory is not None
    wait_until(
        lambda: (shop.at_the_factory(order) or {})["status"] == "delivered",
        seconds=PATIENCE_SECONDS,
        what="the factory to hear that its delivery was taken",
    )


def test_a_good_day(shop: RunningShop) -> None:
    sku, order = short(shop)

    assert_all_is_well(shop, sku, order)

    assert events(shop.order(order)) == ["requested", "published", "ordered", "delivered", "received"]


@pytest.mark.parametrize("status", [400, 503])
def test_refused_orders_are_tried_again_whatever_the_status(shop: RunningShop, status: int) -> None:
    shop.set_faults(refuse={"status": status, "times": 2})

    sku, order = short(shop)

    assert_all_is_well(shop, sku, order)
    done = shop.order(order)
    assert (done["attempts"], done["last_error"]) == (2, None)
    [ordered] = [step for step in done["timeline"] if step["event"] == "ordered"]
    assert ordered["detail"] == "2 failed attempts"


def test_an_order_refused_four_times_is_a_dead_letter_until_it_is_redriven(shop: RunningShop) -> None:
    shop.set_faults(refuse={"status": 503})
    sku, order = short(shop)

    given_up = shop.wait_for_order(order, lambda one: one["dead_lettered_at"], "the order to be given up")

    assert (given_up["status"], given_up["attempts"]) == ("published", MAX_RECEIVES)
    assert "the factory answered 503" in given_up["last_error"]
    assert events(given_up) == ["requested", "published", "dead_lettered"]
    [letter] = shop.get("/api/queues/dead-letters")["dead_letters"]
    assert (letter["replenishment"]["id"], letter["cause"]) == (order, given_up["last_error"])
    wait_until(
        lambda: shop.get("/api/queues")["dead_letters"] == 1,
        seconds=PATIENCE_SECONDS,
        what="SQS to move the message to the dead letters",
    )
    assert shop.product(sku)["on_order"] == 20, "it stays open: nothing is lost"
    assert shop.at_the_factory(order) is None

    shop.set_faults()
    assert shop.order(order)["status"] == "published", "the sweep leaves dead letters alone"
    response = shop.operate("POST", "/api/queues/dead-letters/redrive", {"replenishment_ids": [order]})

    assert response.get_json() == {"redriven": 1}
    assert_all_is_well(shop, sku, order)
    assert shop.get("/api/queues/dead-letters")["dead_letters"] == []


def test_a_factory_that_does_not_answer_is_asked_again(shop: RunningShop) -> None:
    shop.be(SOON_GIVING_UP)
    shop.set_faults(time_out={"seconds": 30})
    sku, order = short(shop)

    failed = shop.wait_for_order(order, lambda one: one["attempts"], "an attempt to time out")
    assert failed["last_error"] == "the factory was not reached: it did not answer in time"
    shop.be(UNHURRIED)
    shop.set_faults()

    assert_all_is_well(shop, sku, order)


def test_an_answer_that_comes_too_late_doubles_nothing(shop: RunningShop) -> None:
    """The factory has taken the order, though the shop gave up waiting: the repeat finds it by its key."""
    shop.be(SOON_GIVING_UP)
    shop.set_faults(slow_answer={"seconds": 30, "times": 1})
    sku, order = short(shop)

    shop.wait_until_received(order)
    shop.be(UNHURRIED)
    shop.set_faults()

    assert_all_is_well(shop, sku, order)


def test_an_order_of_which_nothing_is_heard_is_asked_after(shop: RunningShop) -> None:
    shop.be(SOON_ASKING)
    shop.set_faults(no_callback={"times": 1})

    sku, order = short(shop)

    assert_all_is_well(shop, sku, order)
    done = shop.order(order)
    assert done["asked_at"] is not None
    assert events(done) == ["requested", "published", "ordered", "asked_again", "delivered", "received"]


def test_a_late_order_says_that_the_factory_was_asked(shop: RunningShop) -> None:
    shop.be(SOON_ASKING)
    shop.set_faults(no_callback={})
    sku, order = short(shop)

    late = shop.wait_for_order(order, lambda one: one["last_error"], "the sweep to ask")

    assert (late["status"], late["last_error"]) == ("ordered", "late; the factory was asked again")
    shop.set_faults()
    assert_all_is_well(shop, sku, order)


def test_a_delivery_told_twice_is_taken_once(shop: RunningShop) -> None:
    shop.set_faults(double_callback={"times": 1})
    sku, order = short(shop)
    shop.wait_until_received(order)

    def told() -> int:
        return int((shop.at_the_factory(order) or {})["deliveries"][0]["attempts"])

    wait_until(lambda: told() == 2, seconds=PATIENCE_SECONDS, what="the factory to call twice")

    assert_all_is_well(shop, sku, order)


def test_a_late_delivery_is_waited_for_and_asked_after(shop: RunningShop) -> None:
    shop.be(SOON_ASKING)
    shop.set_faults(late_callback={"seconds": 0.8, "times": 1})

    sku, order = short(shop)

    assert_all_is_well(shop, sku, order)
    assert "asked_again" in events(shop.order(order))


def test_a_delivery_in_parts_is_taken_part_by_part(shop: RunningShop) -> None:
    shop.set_faults(partial_callback={"parts": 3, "times": 1})

    sku, order = short(shop)

    assert_all_is_well(shop, sku, order, deliveries=3)
    done = shop.order(order)
    assert sorted(one["quantity"] for one in done["deliveries"]) == [6, 7, 7]
    assert events(done).count("delivered") == 3
    assert [one["kind"] for one in shop.movements(sku)] == ["receipt"] * 3


def test_more_than_was_ordered_is_refused_and_asked_for_again(shop: RunningShop) -> None:
    shop.be(SOON_ASKING)
    shop.set_faults(wrong_count={"difference": 5})
    sku, order = short(shop)

    refused = wait_for_delivery(shop, order, "refused")

    assert refused["last_error"] == "answered 422"
    assert (shop.product(sku)["on_hand"], shop.order(order)["deliveries"]) == (0, [])
    shop.set_faults()
    assert_all_is_well(shop, sku, order)


def test_less_than_was_ordered_is_taken_and_the_rest_stays_on_order(shop: RunningShop) -> None:
    """The factory named its delivery, so it does not close the order; asked again, it has nothing more to say."""
    shop.be(SOON_ASKING)
    shop.set_faults(wrong_count={"difference": -1, "times": 1})
    sku, order = short(shop)

    late = shop.wait_for_order(
        order,
        lambda one: one["status"] == "partially_received" and one["asked_at"],
        "the sweep to ask for the rest",
    )

    assert late["received_quantity"] == 19
    assert (shop.product(sku)["on_hand"], shop.product(sku)["on_order"]) == (19, 1)
    assert wait_for_delivery(shop, order, "refused")["last_error"] == "answered 422", "same name, another count"
    assert shop.deliver(order, 1, name="brought-by-hand").status_code == 200
    assert shop.order(order)["status"] == "received"


def test_a_forged_signature_brings_nothing(shop: RunningShop) -> None:
    shop.be(SOON_ASKING)
    shop.set_faults(forged_signature={})
    sku, order = short(shop)

    refused = wait_for_delivery(shop, order, "refused")

    assert refused["last_error"] == "answered 401"
    assert (shop.product(sku)["on_hand"], shop.order(order)["deliveries"]) == (0, [])
    shop.set_faults()
    assert_all_is_well(shop, sku, order)


def wait_for_delivery(shop: RunningShop, order: str, status: str) -> JSON:
    """The factory's first delivery for an order, as soon as it is as wanted."""

    def delivery() -> JSON:
        at_the_factory = shop.at_the_factory(order) or {"deliveries": []}
        return next(iter(at_the_factory["deliveries"]), {"status": None})

    wait_until(lambda: delivery()["status"] == status, seconds=PATIENCE_SECONDS, what=f"a {status} delivery")
    return delivery()


def test_switches_are_read_as_they_were_set(shop: RunningShop) -> None:
    shop.set_faults(refuse={"status": 418, "times": 7}, slow_answer={"seconds": 2})

    switches = shop.operate("GET", "/api/simulator/faults").get_json()

    assert switches["refuse"] == {"status": 418, "times": 7}
    assert switches["slow_answer"] == {"seconds": 2, "times": None}
    assert switches["no_callback"] is None


def test_switches_that_there_are_none_of_are_refused(shop: RunningShop) -> None:
    wrongs: list[JSON] = [
        {"explode": {}},
        {"refuse": {"status": "503"}},
        {"refuse": {"times": 0}},
        {"time_out": 5},
    ]
    for wrong in wrongs:
        response = shop.operate("PUT", "/api/simulator/faults", wrong)

        assert response.status_code == 422, wrong
        assert response.get_json(force=True)["detail"]
