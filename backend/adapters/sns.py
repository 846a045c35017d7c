"""The topic that tells of empty shelves: SNS."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from backend.adapters.sqs import QueueUnavailable

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


class PublishFailed(Exception):
    """The topic did not take a message; it may or may not have been sent."""


class Topic:
    """One SNS topic. ``find_arn`` is called at the first publish, and again until it answers."""

    def __init__(self, *, client: "SNSClient", find_arn: Callable[[], str]) -> None:
        self._client = client
        self._find_arn = find_arn

    @cached_property
    def _arn(self) -> str:
        return self._find_arn()

    def publish(self, *, subject: str, body: str, attributes: Mapping[str, str], message_group: str) -> None:
        """Send one message; ``attributes`` are Strings.

        Raises:
            PublishFailed: the topic refused it or was not reached.
        """
        try:
            self._client.publish(
                TopicArn=self._arn,
                Subject=subject,
                Message=body,
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
                },
                MessageGroupId=message_group,
            )
        except (BotoCoreError, ClientError, QueueUnavailable) as error:  # the last: its ARN was not found
            raise PublishFailed(str(error)) from error
