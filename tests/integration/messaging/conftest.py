"""The shop's parts on real databases, a real local AWS and a factory that does as it is told."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
import uuid_utils

from backend.adapters.sqs import Queue, Record
from backend.bootstrap import Parts, init_aws, make_sns_client, make_sqs_client
from backend.settings import Settings
from tests.integration.fake_factory import FakeFactory
from tests.integration.till import SECRET, Till

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient


class AwsClients:
    """The clients of bootstrap, made once for each endpoint: to make one takes longer than most tests."""

    def __init__(self) -> None:
        self._sqs: dict[str, SQSClient] = {}
        self._sns: dict[str, SNSClient] = {}

    def sqs(self, settings: Settings) -> "SQSClient":
        """The SQS client of these settings."""
        endpoint = settings.aws_endpoint_url
        if endpoint not in self._sqs:
            self._sqs[endpoint] = make_sqs_client(settings)
        return self._sqs[endpoint]

    def sns(self, settings: Settings) -> "SNSClient":
        """The SNS client of these settings."""
        endpoint = settings.aws_endpoint_url
        if endpoint not in self._sns:
            self._sns[endpoint] = make_sns_client(settings)
        return self._sns[endpoint]


class ImpatientQueue(Queue):
    """A queue that nobody waits at: a test knows what is in it."""

    def receive(self, *, at_most: int = 10, wait_seconds: int = 0) -> list[Record]:
        """What there is now."""
        return super().receive(at_most=at_most, wait_seconds=0)


@pytest.fixture(scope="session")
def aws_clients() -> AwsClients:
    """The clients of this run."""
    return AwsClients()


@pytest.fixture(autouse=True)
def shared_clients(aws_clients: AwsClients, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every part of every test talks through the same clients."""
    monkeypatch.setattr("backend.bootstrap.make_sqs_client", aws_clients.sqs)
    monkeypatch.setattr("backend.bootstrap.make_sns_client", aws_clients.sns)


@pytest.fixture
def aws_settings(local_aws: str) -> Settings:
    """Settings of a shop with a topic and queues of its own."""
    name = uuid_utils.uuid4().hex[:12]
    return Settings(
        AWS_ENDPOINT_URL=local_aws,
        AWS_ACCESS_KEY_ID="",
        topic_name=f"stock-empty-{name}",
        queue_name=f"stock-queue-{name}",
        dead_letter_queue_name=f"stock-dead-letter-queue-{name}",
        callback_secrets=(SECRET,),
    )


@pytest.fixture
def sqs(aws_settings: Settings, aws_clients: AwsClients) -> "SQSClient":
    """SQS, as anybody with credentials sees it."""
    return aws_clients.sqs(aws_settings)


@pytest.fixture
def sns(aws_settings: Settings, aws_clients: AwsClients) -> "SNSClient":
    """SNS, as anybody with credentials sees it."""
    return aws_clients.sns(aws_settings)


@pytest.fixture
def queue_url(sqs: "SQSClient", aws_settings: Settings) -> str:
    """The queue of this test, with its topic and dead letter queue."""
    init_aws(aws_settings)
    return sqs.get_queue_url(QueueName=aws_settings.queue_name)["QueueUrl"]


@pytest.fixture
def parts(
    aws_settings: Settings,
    queue_url: str,
    migrated_database_url: str,
    fake_factory: FakeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Parts]:
    """Everything that the worker works with. Nothing waits: neither for messages nor between attempts."""
    settings = aws_settings.model_copy(
        update={"database_url": migrated_database_url, "factory_url": fake_factory.url}
    )
    monkeypatch.setattr("backend.bootstrap.Queue", ImpatientQueue)
    monkeypatch.setattr("backend.services.order.wait_seconds", lambda *, failures, draw: 0)
    made = Parts(settings)
    yield made
    made.database.dispose()


@pytest.fixture
def till(parts: Parts) -> Till:
    """The counter of this shop."""
    return Till(parts.database, shop=parts.shop)
