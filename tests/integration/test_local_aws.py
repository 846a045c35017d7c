"""The local AWS as a process: what makes it fit for ``factoauto up``."""

import json
import signal
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
import urllib3

from tests.servers.local_aws import CREDENTIALS, LocalAws

TOPIC = "stock-empty"
QUEUES = {"stock-queue", "stock-dead-letter-queue"}


@pytest.fixture
def make_client() -> Iterator[Callable[[LocalAws, str], Any]]:
    clients = []

    def make(server: LocalAws, service: str) -> Any:
        clients.append(
            boto3.client(
                service,  # type: ignore[call-overload]
                endpoint_url=server.endpoint_url,
                region_name=CREDENTIALS["AWS_REGION"],
                aws_access_key_id="any",
                aws_secret_access_key="any",
            )
        )
        return clients[-1]

    yield make
    for client in clients:
        client.close()


def test_it_has_its_topic_and_queues_again_after_it_was_killed(
    start_local_aws: Callable[[], LocalAws], make_client: Callable[[LocalAws, str], Any]
) -> None:
    server = start_local_aws()

    server.kill()
    server.restart()

    topics = make_client(server, "sns").list_topics()["Topics"]
    assert [topic["TopicArn"].rsplit(":", 1)[-1] for topic in topics] == [TOPIC]
    sqs = make_client(server, "sqs")
    assert {url.rsplit("/", 1)[-1] for url in sqs.list_queues()["QueueUrls"]} == QUEUES
    make_client(server, "sns").publish(TopicArn=topics[0]["TopicArn"], Subject="부산도너츠", Message="재고 부족")
    queue = sqs.get_queue_url(QueueName="stock-queue")["QueueUrl"]
    (message,) = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"]
    assert json.loads(message["Body"])["Subject"] == "부산도너츠"


def test_a_web_page_in_a_browser_cannot_use_it(start_local_aws: Callable[[], LocalAws]) -> None:
    server = start_local_aws()
    origin = {"Origin": "https://example.com"}

    unsigned = urllib3.request("POST", server.endpoint_url, body=b"Action=ListTopics", headers=origin)
    preflight = urllib3.request(
        "OPTIONS",
        server.endpoint_url,
        headers={**origin, "Authorization": "Credential=a/20261123/ap-northeast-2/sqs/aws4_request"},
    )

    assert unsigned.status == 403
    assert "Access-Control-Allow-Origin" not in {**unsigned.headers, **preflight.headers}


def test_it_ends_at_once_and_says_nothing_unless_something_is_wrong(
    start_local_aws: Callable[[], LocalAws], make_client: Callable[[LocalAws, str], Any]
) -> None:
    server = start_local_aws()
    make_client(server, "sqs").list_queues()

    server.process.send_signal(signal.SIGTERM)

    assert server.process.wait() == -signal.SIGTERM
    assert server.process.output == ""
