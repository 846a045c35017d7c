"""A shortage travels over the topic and the queues that Terraform made."""

import json
from typing import Any

import pytest

from tests.aws.deployment import Deployment


@pytest.fixture
def outputs(deployed: Deployment) -> dict[str, Any]:
    return deployed.outputs()


def test_a_shortage_reaches_the_queue_in_its_envelope_and_the_dead_letters_after_four_receives(
    deployed: Deployment, outputs: dict[str, Any]
) -> None:
    sns, sqs = deployed.client("sns"), deployed.client("sqs")
    queue, dead_letters = outputs["queue_url"], outputs["dead_letter_queue_url"]

    sns.publish(TopicArn=outputs["topic_arn"], Subject="부산도너츠", Message="재고 부족")
    receives = []
    while messages := sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages"):
        receives.append(messages[0])
        sqs.change_message_visibility(
            QueueUrl=queue, ReceiptHandle=messages[0]["ReceiptHandle"], VisibilityTimeout=0
        )
    dead = sqs.receive_message(QueueUrl=dead_letters, WaitTimeSeconds=1)["Messages"]
    sqs.delete_message(QueueUrl=dead_letters, ReceiptHandle=dead[0]["ReceiptHandle"])

    assert len(receives) == 4
    assert json.loads(dead[0]["Body"])["Subject"] == "부산도너츠"
