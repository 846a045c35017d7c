"""Secrets Manager, for the Lambdas."""

import json
from typing import Any

from aws_lambda_powertools.utilities.parameters import SecretsProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError
from botocore.config import Config
from botocore.exceptions import ClientError

NO_VALUE = "ResourceNotFoundException"
REMEMBERED_SECONDS = 300
"""How long a secret is used before it is read again: rotation is seen within this time."""


class SecretEmpty(Exception):
    """The secret has no value yet."""


class SecretUnavailable(Exception):
    """The secret cannot be read: Secrets Manager was not reached, or does not let us."""


class Secrets:
    """JSON secrets of one account and region."""

    def __init__(self, *, client: Any) -> None:
        self._client = client
        self._provider = SecretsProvider(boto3_client=client)

    def read(self, arn: str) -> dict[str, str]:
        """A secret's keys and values, remembered for five minutes.

        Raises:
            SecretEmpty, SecretUnavailable: see there.
        """
        try:
            found: Any = self._provider.get(arn, max_age=REMEMBERED_SECONDS, transform="json")
        except GetParameterError as error:
            cause = error.__context__  # the library raises from within its handler
            if isinstance(cause, ClientError) and cause.response["Error"]["Code"] == NO_VALUE:
                raise SecretEmpty(arn) from error
            raise SecretUnavailable(f"{arn}: {type(cause or error).__name__}") from error
        return {str(key): str(value) for key, value in found.items()}

    def write(self, arn: str, values: dict[str, str]) -> None:
        """Give a secret a new value."""
        self._client.put_secret_value(SecretId=arn, SecretString=json.dumps(values))


TIMEOUTS = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "max_attempts": 3})
