"""The deployed shop, driven from the gateway's events to the shelf, over the topic and queues of Terraform.

The tests follow one another: each begins with the shelf that the one before left.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.aws.deployment import Deployment
from tests.aws.package import Package
from tests.aws.shop import DONUT, STEP_SECONDS, DeployedShop, open_shop
from tests.lambdas.events import http_event
from tests.servers.waiting import wait_until

SPARE = "CP-502102"


@pytest.fixture(scope="module")
def shop(deployed: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeployedShop]:
    with open_shop(deployed, folder=tmp_path_factory.mktemp("shop")) as opened:
        opened.start_factory()
        yield opened


def test_the_migration_fills_the_secret_and_the_state_does_not_hold_it(
    shop: DeployedShop, deployed: Deployment
) -> None:
    state = (deployed.terraform.folder / "terraform.tfstate").read_text(encoding="utf-8")

    assert shop.migrated == {"secrets_made": True, "demo_shop_loaded": True}
    assert set(shop.secrets) == {"callback_secrets", "operator_token", "dashboard_password"}
    assert not any(secret in state for secret in shop.secrets.values())


def test_an_empty_shelf_is_filled_by_the_factory(shop: DeployedShop) -> None:
    sold = shop.sell_out()
    shop.work_until_on_hand(10)

    assert sold == 10
    assert shop.poller.depth() == 0


def test_replayed_events_change_nothing(shop: DeployedShop) -> None:
    """SQS delivers at least once, and a factory calls back again when it missed our answer."""
    shop.sell_out()
    wait_until(lambda: shop.poller.depth() == 1, seconds=STEP_SECONDS, what="the shortage on the queue")
    batch = shop.poller.poll()
    shop.work_until_on_hand(10)
    [*_, callback] = [event for name, event in shop.gateway.events if name == "stock-inc"]
    orders = shop.gateway.ask("GET", f"/api/replenishments?sku={DONUT}")["replenishments"]

    again = shop.poller.function.invoke(batch)
    answered = shop.gateway.call(callback)

    assert again == {"batchItemFailures": []}
    assert answered["statusCode"] == 200
    assert shop.on_hand() == 10
    assert shop.gateway.ask("GET", f"/api/replenishments?sku={DONUT}")["replenishments"] == orders


def test_one_unreadable_message_leaves_its_batch_alone(shop: DeployedShop, deployed: Deployment) -> None:
    before = shop.on_hand(SPARE)
    deployed.client("sns").publish(TopicArn=deployed.outputs()["topic_arn"], Message="unreadable")
    shop.operate(f"/api/products/{SPARE}/restock", {"quantity": 30})
    wait_until(lambda: shop.poller.depth() == 2, seconds=STEP_SECONDS, what="both messages on the queue")

    batch = shop.poller.poll()

    assert batch is not None
    assert len(batch["Records"]) == 2
    assert shop.poller.depth() == 1
    shop.work_until_on_hand(before + 30, sku=SPARE)


def test_an_outage_of_the_factory_ends_in_the_dead_letters_and_a_redrive_fills_the_shelf(
    shop: DeployedShop,
) -> None:
    shop.stop_factory()
    shop.sell_out()
    wait_until(lambda: _dead(shop) == 2, seconds=STEP_SECONDS, what="the order and the unreadable among the dead")
    listed = shop.gateway.ask("GET", "/api/queues/dead-letters")["dead_letters"]

    shop.start_factory()
    shop.operate("/api/queues/dead-letters/redrive", {})
    shop.work_until_on_hand(10)

    assert [(letter["replenishment"]["sku"], letter["attempts"]) for letter in listed] == [(DONUT, 4)]


def test_the_package_itself_answers_in_the_runtimes_python(
    shop: DeployedShop, package: Package, tmp_path: Path
) -> None:
    event = http_event("GET", f"/api/products/{DONUT}")
    code = f"""
from types import SimpleNamespace
from backend.entrypoints.lambdas import migrate, sale
context = SimpleNamespace(function_name="sale", memory_limit_in_mb=512, invoked_function_arn="arn",
                          aws_request_id="1", get_remaining_time_in_millis=lambda: 25000)
print(migrate({{"demo_shop": True}}, context))
print(sale({event!r}, context)["body"])
"""

    printed = package.run(code, folder=tmp_path, environment=shop.environments["sale"])

    assert "{'secrets_made': False, 'demo_shop_loaded': False}" in printed
    assert f'"sku":"{DONUT}"' in printed.replace(" ", "")


def _dead(shop: DeployedShop) -> int:
    shop.poller.poll()
    return shop.poller.depth(shop.dead_letter_queue_url)
