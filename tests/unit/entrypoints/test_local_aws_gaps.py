"""Each test fails on moto as it comes, but for those that guard its correction."""

import contextlib
import json
import socket
import threading
from collections import UserDict
from collections.abc import Iterator, KeysView
from typing import Any

import boto3
import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sns.models import sns_backends
from moto.sqs.models import Message, Queue, SQSBackend, sqs_backends
from mypy_boto3_sns import SNSClient
from mypy_boto3_sqs import SQSClient
from werkzeug.exceptions import ClientDisconnected

from backend.entrypoints import local_aws_gaps
from backend.entrypoints.local_aws import make_local_aws_server
from tests.servers.local_aws import CREDENTIALS
from tests.servers.waiting import wait_until

REGION = CREDENTIALS["AWS_REGION"]
OTHER_THREAD_SECONDS = 0.2


@pytest.fixture(scope="module")
def endpoint() -> Iterator[dict[str, str]]:
    _, server = make_local_aws_server(host="127.0.0.1", port=0)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield {
        "endpoint_url": f"http://127.0.0.1:{server.server_port}",
        "region_name": REGION,
        "aws_access_key_id": "local",
        "aws_secret_access_key": "local",
    }
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture
def sqs(endpoint: dict[str, Any]) -> Iterator[SQSClient]:
    client = boto3.client("sqs", **endpoint)
    yield client
    client.close()


@pytest.fixture
def sns(endpoint: dict[str, Any]) -> Iterator[SNSClient]:
    client = boto3.client("sns", **endpoint)
    yield client
    client.close()


@pytest.fixture
def backend() -> SQSBackend:
    """The same queues from inside."""
    local_aws_gaps.close_gaps()
    return sqs_backends[DEFAULT_ACCOUNT_ID][REGION]


@pytest.fixture
def queue_name(request: pytest.FixtureRequest) -> str:
    """A name that no other test has."""
    return str(request.node.name).removeprefix("test_")[:70]


def arn_of(sqs: SQSClient, url: str) -> str:
    return str(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"])


class ListDuringWhoseCopyOthersSend(list[Message]):
    """Starts a thread that sends a message while the list is walked, and gives it time to do so."""

    def __init__(self, messages: list[Message], *, send: threading.Thread) -> None:
        super().__init__(messages)
        self._send = send

    def __iter__(self) -> Iterator[Message]:
        yield from super().__iter__()
        if not self._send.ident:
            self._send.start()
            self._send.join(timeout=OTHER_THREAD_SECONDS)


class AttributesDuringWhoseReadingOthersSet(UserDict[str, Any]):
    """Starts a thread that sets attributes while these are read, and gives it time to do so."""

    def __init__(self, attributes: dict[str, Any], *, set_others: threading.Thread) -> None:
        super().__init__(attributes)
        self._set_others = set_others

    def keys(self) -> KeysView[str]:
        self._set_others.start()
        self._set_others.join(timeout=OTHER_THREAD_SECONDS)
        return super().keys()


def test_a_message_sent_while_another_is_deleted_is_kept(backend: SQSBackend, queue_name: str) -> None:
    queue = backend.create_queue(queue_name)
    backend.send_message(queue_name, "first")
    (received,) = backend.receive_message(queue_name, 1, 0, 30)
    send = threading.Thread(target=backend.send_message, args=(queue_name, "second"))
    queue._messages = ListDuringWhoseCopyOthersSend(queue._messages, send=send)

    backend.delete_message(queue_name, str(received.receipt_handle))
    send.join()

    assert [message.body for message in queue._messages] == ["second"]


class PolicyThatTwoReceiversReadAtOnce(dict[str, Any]):
    """Lets no receiver on before another has come as far, if another can."""

    def __init__(self, policy: dict[str, Any]) -> None:
        super().__init__(policy)
        self._barrier = threading.Barrier(2, timeout=OTHER_THREAD_SECONDS)

    def __getitem__(self, key: str) -> Any:
        with contextlib.suppress(threading.BrokenBarrierError):  # the lock kept the other one out
            self._barrier.wait()
        return super().__getitem__(key)


def test_two_receivers_move_a_dead_letter_once(backend: SQSBackend, queue_name: str) -> None:
    dead_letters = backend.create_queue(f"{queue_name}-dead")
    policy = {"deadLetterTargetArn": dead_letters.queue_arn, "maxReceiveCount": 1}
    queue = backend.create_queue(queue_name, RedrivePolicy=json.dumps(policy))
    backend.send_message(queue_name, "poison")
    (received,) = backend.receive_message(queue_name, 1, 0, 30)
    backend.change_message_visibility(queue_name, str(received.receipt_handle), 0)
    queue.redrive_policy = PolicyThatTwoReceiversReadAtOnce(policy)

    receivers = [threading.Thread(target=backend.receive_message, args=(queue_name, 1, 0, 30)) for _ in range(2)]
    for receiver in receivers:
        receiver.start()
    for receiver in receivers:
        receiver.join()

    assert [message.body for message in dead_letters._messages] == ["poison"]
    assert queue._messages == []


def test_a_long_poll_lets_others_send(backend: SQSBackend, queue_name: str) -> None:
    backend.create_queue(queue_name)
    received: list[Message] = []
    poll = threading.Thread(target=lambda: received.extend(backend.receive_message(queue_name, 1, 20, 30)))

    poll.start()
    backend.send_message(queue_name, "hello")
    poll.join()

    assert [message.body for message in received] == ["hello"]


def test_a_receiver_that_is_gone_takes_no_message_with_it(backend: SQSBackend, queue_name: str) -> None:
    queue = backend.create_queue(queue_name)
    here, there = socket.socketpair()

    def receive_as_one_who_leaves() -> None:
        local_aws_gaps.client_connection.set(here)
        with contextlib.suppress(ClientDisconnected):
            backend.receive_message(queue_name, 1, 20, 30)

    with here, there:
        poll = threading.Thread(target=receive_as_one_who_leaves)
        poll.start()
        wait_until(lambda: queue._messages_lock._waiters, seconds=10, what="the poll to wait")  # type: ignore[attr-defined]
        there.close()
        backend.send_message(queue_name, "for another")
        poll.join()

    (received,) = backend.receive_message(queue_name, 1, 0, 30)
    assert received.body == "for another"


def test_a_receiver_that_stays_is_served(backend: SQSBackend, queue_name: str) -> None:
    backend.create_queue(queue_name)
    here, there = socket.socketpair()
    received: list[Message] = []

    def receive_as_one_who_stays() -> None:
        local_aws_gaps.client_connection.set(here)
        received.extend(backend.receive_message(queue_name, 1, 20, 30))

    with here, there:
        poll = threading.Thread(target=receive_as_one_who_stays)
        poll.start()
        backend.send_message(queue_name, "for them")
        poll.join()

    assert [message.body for message in received] == ["for them"]


def test_setting_one_attribute_keeps_the_policy(sqs: SQSClient, queue_name: str) -> None:
    url = sqs.create_queue(QueueName=queue_name)["QueueUrl"]
    policy = {"Version": "2012-10-17", "Statement": [{"Sid": "LetTheTopicDeliver", "Effect": "Allow"}]}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})

    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "7"})

    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert json.loads(attributes["Policy"]) == policy
    assert attributes["VisibilityTimeout"] == "7"


def test_a_policy_taken_away_while_another_attribute_is_set_stays_away(
    backend: SQSBackend, queue_name: str
) -> None:
    queue = backend.create_queue(queue_name)
    queue._set_attributes({"Policy": '{"Statement": [{"Sid": "Any"}]}'})
    take_away = threading.Thread(target=queue._set_attributes, args=({"Policy": ""},))

    queue._set_attributes(
        AttributesDuringWhoseReadingOthersSet({"VisibilityTimeout": "7"}, set_others=take_away)  # type: ignore[arg-type]
    )
    take_away.join()

    assert queue.policy is None
    assert queue.attributes["VisibilityTimeout"] == 7


def test_a_policy_can_still_be_taken_away(sqs: SQSClient, queue_name: str) -> None:
    url = sqs.create_queue(QueueName=queue_name)["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": '{"Statement": [{"Sid": "Any"}]}'})

    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})

    assert "Attributes" not in sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])


def test_a_redrive_allow_policy_is_read_back(sqs: SQSClient, queue_name: str) -> None:
    url = sqs.create_queue(QueueName=queue_name)["QueueUrl"]
    policy = '{"redrivePermission":"denyAll"}'

    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedriveAllowPolicy": policy})

    for names in (["All"], ["RedriveAllowPolicy"]):
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]  # type: ignore[arg-type]
        assert attributes["RedriveAllowPolicy"] == policy


def test_a_move_task_brings_dead_letters_back_as_new(sqs: SQSClient, queue_name: str) -> None:
    dead_url = sqs.create_queue(QueueName=f"{queue_name}-dead")["QueueUrl"]
    dead_arn = arn_of(sqs, dead_url)
    policy = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 4})
    url = sqs.create_queue(QueueName=queue_name, Attributes={"RedrivePolicy": policy})["QueueUrl"]
    attribute = {"ReplenishmentId": {"DataType": "String", "StringValue": "r-1"}}
    sqs.send_message(QueueUrl=dead_url, MessageBody="부산도너츠", MessageAttributes=attribute)  # type: ignore[arg-type]

    handle = sqs.start_message_move_task(SourceArn=dead_arn)["TaskHandle"]

    (task,) = sqs.list_message_move_tasks(SourceArn=dead_arn)["Results"]
    assert (task["TaskHandle"], task["Status"]) == (handle, "COMPLETED")
    assert task["ApproximateNumberOfMessagesMoved"] == 1
    (message,) = sqs.receive_message(
        QueueUrl=url, MessageAttributeNames=["All"], MessageSystemAttributeNames=["All"]
    )["Messages"]
    assert message["Body"] == "부산도너츠"
    assert message["MessageAttributes"]["ReplenishmentId"]["StringValue"] == "r-1"
    assert message["Attributes"]["ApproximateReceiveCount"] == "1"
    assert "Messages" not in sqs.receive_message(QueueUrl=dead_url)


def test_a_move_task_needs_a_dead_letter_queue(sqs: SQSClient, queue_name: str) -> None:
    url = sqs.create_queue(QueueName=queue_name)["QueueUrl"]
    arn = arn_of(sqs, url)

    with pytest.raises(sqs.exceptions.ClientError, match="ResourceNotFoundException"):
        sqs.start_message_move_task(SourceArn=arn)


def test_what_is_deleted_is_forgotten_in_time(
    backend: SQSBackend, queue_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_aws_gaps, "REMEMBERED_HANDLES", 5)
    queue: Queue = backend.create_queue(queue_name)

    for _ in range(10):
        backend.send_message(queue_name, "hello")
        (received,) = backend.receive_message(queue_name, 1, 0, 30)
        backend.delete_message(queue_name, str(received.receipt_handle))
        backend.delete_message(queue_name, str(received.receipt_handle))  # twice is no error

    assert len(queue.deleted_messages) <= 5


def test_what_was_published_is_not_kept(sns: SNSClient, queue_name: str) -> None:
    arn = sns.create_topic(Name=queue_name)["TopicArn"]

    sns.publish(TopicArn=arn, Message="재고 부족")

    assert list(sns_backends[DEFAULT_ACCOUNT_ID][REGION].topics[arn].sent_notifications) == []
