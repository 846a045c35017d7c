"""Topic, queues and the policies between them, made where there is no Terraform: the local AWS."""

import json
from typing import TYPE_CHECKING

from backend.domain.backoff import MAX_RECEIVES

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

VISIBILITY_SECONDS = 60
"""How long a received message is hidden: more than a worker needs for ten of them side by side."""
DEAD_LETTER_RETENTION_SECONDS = 14 * 24 * 3600


def make_topology(
    *, sns: "SNSClient", sqs: "SQSClient", topic_name: str, queue_name: str, dead_letter_queue_name: str
) -> None:
    """Make the topic, the queue, the dead letter queue and what ties them; what is there stays.

    Raises:
        botocore.exceptions.ClientError: AWS refused.
    """
    topic_arn = sns.create_topic(Name=topic_name)["TopicArn"]
    dead_letters = sqs.create_queue(QueueName=dead_letter_queue_name)["QueueUrl"]
    queue = sqs.create_queue(QueueName=queue_name)["QueueUrl"]
    dead_letters_arn, queue_arn = _arn(sqs, dead_letters), _arn(sqs, queue)
    sqs.set_queue_attributes(
        QueueUrl=dead_letters,
        Attributes={
            "MessageRetentionPeriod": str(DEAD_LETTER_RETENTION_SECONDS),
            "RedriveAllowPolicy": json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": [queue_arn]}),
        },
    )
    redrive = {"deadLetterTargetArn": dead_letters_arn, "maxReceiveCount": MAX_RECEIVES}
    sqs.set_queue_attributes(
        QueueUrl=queue,
        Attributes={
            "VisibilityTimeout": str(VISIBILITY_SECONDS),
            "RedrivePolicy": json.dumps(redrive),
            "Policy": json.dumps(_only_topic_may_send(queue_arn=queue_arn, topic_arn=topic_arn)),
        },
    )
    sns.subscribe(
        TopicArn=topic_arn,
        Protocol="sqs",
        Endpoint=queue_arn,
        Attributes={"RawMessageDelivery": "false"},
        ReturnSubscriptionArn=True,
    )


def topic_arn_beside(*, queue_arn: str, topic_name: str) -> str:
    """The ARN of a topic of the same account and region as a queue."""
    _, partition, _, region, account, _ = queue_arn.split(":")
    return f"arn:{partition}:sns:{region}:{account}:{topic_name}"


def _arn(sqs: "SQSClient", queue_url: str) -> str:
    answer = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
    return answer["Attributes"]["QueueArn"]


def _only_topic_may_send(*, queue_arn: str, topic_arn: str) -> dict[str, object]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "sns.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": queue_arn,
                "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
            }
        ],
    }
