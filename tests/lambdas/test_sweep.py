"""``sweep``: the schedule's function."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from types import ModuleType

import pytest
import uuid_utils
from botocore.exceptions import EndpointConnectionError

from backend.services.relay import relay
from tests.integration.fake_factory import FakeFactory
from tests.integration.fake_receiver import SECRET, FakeReceiver
from tests.integration.till import Till
from tests.lambdas.account import FORGOTTEN_SECONDS, Account
from tests.lambdas.conftest import LoadLambdas, MakeAccount
from tests.lambdas.events import Context

FIVE = range(5)
SCHEDULED = {"version": "0", "source": "aws.scheduler", "detail-type": "Scheduled Event", "detail": {}}


def test_what_was_left_in_the_outbox_is_published(
    lambdas: ModuleType, account: Account, till: Till, sku: str
) -> None:
    till.restock(sku=sku)

    answer = lambdas.sweep(SCHEDULED, Context(timeout_seconds=55))

    assert answer["published"] >= 1
    assert any(sku in message["Body"] for message in account.receive())


def test_what_waits_on_the_queue_of_a_paused_consumer_is_not_published_again(
    lambdas: ModuleType, till: Till, sku: str
) -> None:
    """A laptop's worker would have received it four times by then; here one receive may take minutes."""
    _publish(sku, till=till, lambdas=lambdas, seconds_ago=FORGOTTEN_SECONDS - 60)

    assert lambdas.sweep(SCHEDULED, Context(timeout_seconds=55))["published_again"] == 0


def test_what_the_queue_has_lost_is_published_again(
    lambdas: ModuleType, account: Account, till: Till, sku: str
) -> None:
    _publish(sku, till=till, lambdas=lambdas, seconds_ago=FORGOTTEN_SECONDS + 60)
    account.empty_queue()

    assert lambdas.sweep(SCHEDULED, Context(timeout_seconds=55))["published_again"] == 1
    assert any(sku in message["Body"] for message in account.receive())


def _publish(sku: str, *, till: Till, lambdas: ModuleType, seconds_ago: float) -> None:
    parts = lambdas.running.parts()
    till.clock.ahead = -timedelta(seconds=seconds_ago)
    till.restock(sku=sku)
    relay(database=parts.database, topic=parts.topic, clock=till.clock)


def test_queues_that_cannot_be_sampled_do_not_keep_it_from_sweeping(
    lambdas: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**asked: object) -> None:
        raise EndpointConnectionError(endpoint_url="https://sqs")

    monkeypatch.setattr(lambdas.running.parts().queue._client, "get_queue_attributes", refuse)

    assert lambdas.sweep(SCHEDULED, Context(timeout_seconds=55))["published_again"] == 0


@dataclass(frozen=True)
class HangingContext(Context):
    """Time that passes as orders reach a factory that hangs until each times out."""

    factory: FakeFactory | None = None
    seconds_each: float = 0

    def get_remaining_time_in_millis(self) -> int:
        """What is left after the orders so far."""
        assert self.factory is not None
        return int((self.timeout_seconds - len(self.factory.received) * self.seconds_each) * 1000)


def test_a_factory_that_hangs_takes_no_more_than_the_functions_time_and_the_next_sweep_goes_on(
    lambdas: ModuleType, till: Till, factory: FakeFactory
) -> None:
    till.clock.ahead = -timedelta(hours=1)
    for name in [f"CP-{uuid_utils.uuid4().hex[:12]}" for _ in FIVE]:
        till.open(name, on_hand=0)
        till.note_ordered(till.restock(sku=name).replenishment.id)
    context = HangingContext(timeout_seconds=30, factory=factory, seconds_each=_longest_order(lambdas))

    first = lambdas.sweep(SCHEDULED, context)
    left = context.get_remaining_time_in_millis()
    second = lambdas.sweep(SCHEDULED, Context(timeout_seconds=55))

    assert left >= 0
    assert 0 < first["asked_again"] < len(FIVE)
    assert first["asked_again"] + second["asked_again"] == len(FIVE)


def _longest_order(lambdas: ModuleType) -> float:
    return float(lambdas.running.parts().factory.longest_seconds)


@pytest.fixture
def receiver() -> Iterator[FakeReceiver]:
    """Who hears of alerts."""
    made = FakeReceiver()
    yield made
    made.close()


def _tell_of_webhook(account: Account, lambdas: ModuleType, **keys: str) -> None:
    account.put(account.application_arn, {**account.read(account.application_arn), **keys})
    lambdas.vault.read(account.application_arn, anew=True)


def test_alerts_are_told_to_the_webhook_that_the_secret_names(
    make_account: MakeAccount, load_lambdas: LoadLambdas, receiver: FakeReceiver
) -> None:
    account = make_account()
    lambdas = load_lambdas(account)
    lambdas.migrate({}, Context())
    _tell_of_webhook(account, lambdas, alert_webhook_url=receiver.url, alert_webhook_secret=f" {SECRET} ,")
    parts = lambdas.running.parts()
    Till(parts.database, shop=parts.shop).open("EMPTY", on_hand=0)

    answer = lambdas.sweep(SCHEDULED, Context(timeout_seconds=55))

    assert answer["alert_messages"] == 1
    assert receiver.told == [("out_of_stock", "EMPTY", "raised")]
    assert receiver.taken[0].genuine
