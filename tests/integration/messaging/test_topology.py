"""Topic, queues and the policies between them, on a real SNS and SQS."""

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import EndpointConnectionError

from backend.adapters.sns import PublishFailed, Topic
from backend.adapters.sqs import Queue, QueueUnavailable
from backend.adapters.topology import topic_arn_beside
from backend.bootstrap import Parts, init_aws
from backend.settings import Settings
from tests.servers.ports import free_port

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient


def _attributes(sqs: "SQSClient", queue_url: str) -> dict[Any, str]:
    return sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])["Attributes"]


def _topic_arn(aws_settings: Settings, queue_arn: str) -> str:
    return topic_arn_beside(queue_arn=queue_arn, topic_name=aws_settings.topic_name)


def test_after_four_receives_a_message_is_a_dead_letter(
    sqs: "SQSClient", queue_url: str, aws_settings: Settings
) -> None:
    redrive = json.loads(_attributes(sqs, queue_url)["RedrivePolicy"])

    dead_letters = sqs.get_queue_url(QueueName=aws_settings.dead_letter_queue_name)["QueueUrl"]
    assert redrive["maxReceiveCount"] == 4
    assert redrive["deadLetterTargetArn"] == _attributes(sqs, dead_letters)["QueueArn"]


def test_dead_letters_are_kept_two_weeks_and_come_from_this_queue_only(
    sqs: "SQSClient", queue_url: str, aws_settings: Settings
) -> None:
    dead_letters = sqs.get_queue_url(QueueName=aws_settings.dead_letter_queue_name)["QueueUrl"]

    found = _attributes(sqs, dead_letters)

    assert found["MessageRetentionPeriod"] == str(14 * 24 * 3600)
    assert json.loads(found["RedriveAllowPolicy"]) == {
        "redrivePermission": "byQueue",
        "sourceQueueArns": [_attributes(sqs, queue_url)["QueueArn"]],
    }


def test_only_the_topic_may_send_to_the_queue(sqs: "SQSClient", queue_url: str, aws_settings: Settings) -> None:
    found = _attributes(sqs, queue_url)

    [statement] = json.loads(found["Policy"])["Statement"]
    assert statement == {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": found["QueueArn"],
        "Condition": {"ArnEquals": {"aws:SourceArn": _topic_arn(aws_settings, found["QueueArn"])}},
    }


def test_a_received_message_is_hidden_for_a_minute(sqs: "SQSClient", queue_url: str) -> None:
    assert _attributes(sqs, queue_url)["VisibilityTimeout"] == "60"


def test_made_again_everything_stays_as_it_is(
    sqs: "SQSClient", sns: "SNSClient", queue_url: str, aws_settings: Settings
) -> None:
    sqs.send_message(QueueUrl=queue_url, MessageBody="still here")
    before = _attributes(sqs, queue_url)

    init_aws(aws_settings)

    assert {**_attributes(sqs, queue_url), "LastModifiedTimestamp": before["LastModifiedTimestamp"]} == before
    assert sqs.receive_message(QueueUrl=queue_url)["Messages"][0]["Body"] == "still here"
    topic_arn = _topic_arn(aws_settings, before["QueueArn"])
    [subscription] = sns.list_subscriptions_by_topic(TopicArn=topic_arn)["Subscriptions"]
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("sqs", before["QueueArn"])


def test_a_queue_that_is_not_there_is_unavailable_and_found_once_it_is(
    aws_settings: Settings, sqs: "SQSClient"
) -> None:
    queue = Queue(client=sqs, name=aws_settings.queue_name)

    with pytest.raises(QueueUnavailable, match=aws_settings.queue_name):
        queue.depth()
    init_aws(aws_settings)

    assert (queue.depth().visible, queue.depth().in_flight) == (0, 0)


def test_an_aws_that_does_not_answer_is_unavailable_to_every_call(aws_settings: Settings) -> None:
    nowhere = Parts(aws_settings.model_copy(update={"aws_endpoint_url": f"http://127.0.0.1:{free_port()}"}))

    for call in (nowhere.queue.depth, nowhere.queue.find_arn, nowhere.queue.receive):
        with pytest.raises(QueueUnavailable):
            call()
    with pytest.raises(PublishFailed):
        nowhere.topic.publish(subject="a", body="b", attributes={"c": "d"}, message_group="e")
    with pytest.raises(EndpointConnectionError):
        init_aws(nowhere.settings)


def test_a_topic_that_is_not_there_takes_nothing(
    aws_settings: Settings, sns: "SNSClient", sqs: "SQSClient", queue_url: str
) -> None:
    arn = _topic_arn(aws_settings, _attributes(sqs, queue_url)["QueueArn"])
    topic = Topic(client=sns, find_arn=lambda: f"{arn}-gone")

    with pytest.raises(PublishFailed, match="NotFound"):
        topic.publish(subject="a", body="b", attributes={"c": "d"}, message_group="e")
