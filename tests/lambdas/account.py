"""A small AWS account for Lambdas: secrets, a topic and queues, in the local AWS; a database over TLS."""

import json
from dataclasses import dataclass, field
from typing import Any

import boto3
import uuid_utils

from backend.bootstrap import init_aws
from backend.settings import Settings
from tests.lambdas.tls_database import HOST, PASSWORD, USER, TlsDatabase
from tests.servers.local_aws import CREDENTIALS

CALLBACK_SECRET = "a-callback-secret-for-tests-only"
OPERATOR_TOKEN = "sesame-sesame-sesame"
DASHBOARD_PASSWORD = "a-dashboard-password"
FORGOTTEN_SECONDS = 960


def make_client(service: str, *, endpoint_url: str) -> Any:
    """A boto3 client of the local AWS."""
    return boto3.client(
        service,  # type: ignore[call-overload]
        endpoint_url=endpoint_url,
        region_name=CREDENTIALS["AWS_REGION"],
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )


@dataclass
class Account:
    """One deployment's worth of AWS, with names of its own."""

    endpoint_url: str
    database: TlsDatabase
    factory_url: str
    filled: bool = True
    user: str = USER
    password: str = PASSWORD
    name: str = field(default_factory=lambda: uuid_utils.uuid4().hex[:12])

    def __post_init__(self) -> None:
        self._received: list[str] = []
        self.secrets = make_client("secretsmanager", endpoint_url=self.endpoint_url)
        self.sqs = make_client("sqs", endpoint_url=self.endpoint_url)
        self.database_name = self.database.create_database()
        self.application_arn = self.secrets.create_secret(Name=f"application-{self.name}")["ARN"]
        self.login_arn = self.secrets.create_secret(Name=f"database-{self.name}")["ARN"]
        self.put(self.login_arn, {"username": self.user, "password": self.password})
        if self.filled:
            self.put(
                self.application_arn,
                {
                    "callback_secrets": CALLBACK_SECRET,
                    "operator_token": OPERATOR_TOKEN,
                    "dashboard_password": DASHBOARD_PASSWORD,
                },
            )
        endpoint = {"AWS_ENDPOINT_URL": self.endpoint_url, "AWS_ACCESS_KEY_ID": ""}
        init_aws(Settings.model_validate({**endpoint, **self._names()}))
        self.queue_url = self.sqs.get_queue_url(QueueName=f"queue-{self.name}")["QueueUrl"]

    @property
    def environment(self) -> dict[str, str]:
        """What Terraform gives to each function."""
        return {
            "AWS_REGION": CREDENTIALS["AWS_REGION"],
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "FACTOAUTO_SECRETS_ARN": self.application_arn,
            "FACTOAUTO_DATABASE_SECRET_ARN": self.login_arn,
            "FACTOAUTO_DATABASE_HOST": HOST,
            "FACTOAUTO_DATABASE_PORT": str(self.database.server.port),
            "FACTOAUTO_DATABASE_NAME": self.database_name,
            "FACTOAUTO_DATABASE_CA_FILE": str(self.database.certificate),
            "FACTOAUTO_FACTORY_URL": self.factory_url,
            "FACTOAUTO_FACTORY_TIMEOUT_SECONDS": "2",
            "FACTOAUTO_FORGOTTEN_SECONDS": str(FORGOTTEN_SECONDS),
            "FACTOAUTO_PUBLIC_URL": "https://abc123.execute-api.ap-northeast-2.amazonaws.com",
            "POWERTOOLS_METRICS_NAMESPACE": "FactoAuto",
            "POWERTOOLS_SERVICE_NAME": "test",
            **{f"FACTOAUTO_{name.upper()}": value for name, value in self._names().items()},
        }

    def put(self, arn: str, values: dict[str, str]) -> None:
        """Give a secret a new value."""
        self.secrets.put_secret_value(SecretId=arn, SecretString=json.dumps(values))

    def read(self, arn: str) -> dict[str, str]:
        """What a secret holds."""
        held: dict[str, str] = json.loads(self.secrets.get_secret_value(SecretId=arn)["SecretString"])
        return held

    def receive(self) -> list[dict[str, Any]]:
        """Take what is on the queue, as Lambda's poller does."""
        answer = self.sqs.receive_message(
            QueueUrl=self.queue_url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
        )
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        self._received += [message["ReceiptHandle"] for message in messages]
        return messages

    def empty_queue(self) -> None:
        """Delete what was received and what is there: AWS purges a queue only once a minute."""
        while self._received or self.receive():
            self.sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=self._received.pop())

    def _names(self) -> dict[str, str]:
        return {
            "topic_name": f"topic-{self.name}",
            "queue_name": f"queue-{self.name}",
            "dead_letter_queue_name": f"dead-{self.name}",
        }
