"""The queue of empty shelves, and where its dead letters go: SQS."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

WAIT_SECONDS = 2
"""How long a receive waits for messages: a stop is answered within this time."""


class QueueUnavailable(Exception):
    """The queue was not reached, or does not exist."""


@dataclass(frozen=True, slots=True)
class Record:
    """A message of the queue as received. ``receive_count`` counts this time too."""

    message_id: str
    receipt_handle: str
    body: str
    receive_count: int


@dataclass(frozen=True, slots=True)
class Depth:
    """Messages waiting, and messages received but not yet deleted. Approximate, as SQS says."""

    visible: int
    in_flight: int


class Queue:
    """One SQS queue, found by its name at the first use."""

    def __init__(self, *, client: "SQSClient", name: str) -> None:
        self._client = client
        self._name = name
        self._found: str | None = None

    def find_arn(self) -> str:
        """The queue's ARN.

        Raises:
            QueueUnavailable: it was not reached or does not exist.
        """
        with self._told_apart():
            answer = self._client.get_queue_attributes(QueueUrl=self._url(), AttributeNames=["QueueArn"])
        return answer["Attributes"]["QueueArn"]

    def receive(self, *, at_most: int = 10, wait_seconds: int = WAIT_SECONDS) -> list[Record]:
        """Take up to ``at_most`` messages, waiting for the first; others do not see them for a while.

        Raises:
            QueueUnavailable: the queue was not reached.
        """
        with self._told_apart():
            answer = self._client.receive_message(
                QueueUrl=self._url(),
                MaxNumberOfMessages=at_most,
                WaitTimeSeconds=wait_seconds,
                MessageSystemAttributeNames=["ApproximateReceiveCount"],
            )
        return [
            Record(
                message_id=message["MessageId"],
                receipt_handle=message["ReceiptHandle"],
                body=message["Body"],
                receive_count=int(message["Attributes"]["ApproximateReceiveCount"]),
            )
            for message in answer.get("Messages", [])
        ]

    def delete(self, record: Record) -> None:
        """Take a handled message off the queue.

        Raises:
            QueueUnavailable: the queue was not reached; the message will be seen again.
        """
        with self._told_apart():
            self._client.delete_message(QueueUrl=self._url(), ReceiptHandle=record.receipt_handle)

    def show_again_in(self, record: Record, *, seconds: int) -> None:
        """Let others see a received message after ``seconds`` (0: at once).

        Raises:
            QueueUnavailable: the queue was not reached; the message will be seen after its usual time.
        """
        with self._told_apart():
            self._client.change_message_visibility(
                QueueUrl=self._url(), ReceiptHandle=record.receipt_handle, VisibilityTimeout=seconds
            )

    def send(self, body: str) -> None:
        """Put a message on the queue.

        Raises:
            QueueUnavailable: the queue was not reached.
        """
        with self._told_apart():
            self._client.send_message(QueueUrl=self._url(), MessageBody=body)

    def depth(self) -> Depth:
        """How many messages there are.

        Raises:
            QueueUnavailable: the queue was not reached.
        """
        with self._told_apart():
            answer = self._client.get_queue_attributes(
                QueueUrl=self._url(),
                AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
            )
        counts = answer["Attributes"]
        return Depth(
            visible=int(counts["ApproximateNumberOfMessages"]),
            in_flight=int(counts["ApproximateNumberOfMessagesNotVisible"]),
        )

    def _url(self) -> str:
        if self._found is None:
            self._found = self._client.get_queue_url(QueueName=self._name)["QueueUrl"]
        return self._found

    @contextmanager
    def _told_apart(self) -> Iterator[None]:
        try:
            yield
        except (BotoCoreError, ClientError) as error:
            raise QueueUnavailable(f"{self._name}: {error}") from error
