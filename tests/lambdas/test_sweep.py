"""``sweep``: the schedule's function."""

from types import ModuleType

import pytest
from botocore.exceptions import EndpointConnectionError

from tests.integration.till import Till
from tests.lambdas.account import Account
from tests.lambdas.events import Context

SCHEDULED = {"version": "0", "source": "aws.scheduler", "detail-type": "Scheduled Event", "detail": {}}


def test_what_was_left_in_the_outbox_is_published(
    lambdas: ModuleType, account: Account, till: Till, sku: str
) -> None:
    till.restock(sku=sku)

    answer = lambdas.sweep(SCHEDULED, Context(timeout_seconds=55))

    assert answer["published"] >= 1
    assert any(sku in message["Body"] for message in account.receive())


def test_queues_that_cannot_be_sampled_do_not_keep_it_from_sweeping(
    lambdas: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**asked: object) -> None:
        raise EndpointConnectionError(endpoint_url="https://sqs")

    monkeypatch.setattr(lambdas.running.parts().queue._client, "get_queue_attributes", refuse)

    assert lambdas.sweep(SCHEDULED, Context(timeout_seconds=55))["published_again"] == 0
