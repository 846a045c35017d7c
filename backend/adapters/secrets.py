"""Secrets Manager, for the Lambdas."""

import json
from typing import Any

from aws_lambda_powertools.utilities.parameters import SecretsProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError, TransformParameterError
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

TIMEOUTS = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "max_attempts": 3})
REMEMBERED_SECONDS = 300
"""How long a secret is used before it is read again: rotation is seen within this time."""
NO_VALUE = "ResourceNotFoundException"
VERSION_EXISTS = "ResourceExistsException"


class SecretEmpty(Exception):
    """The secret has no value yet."""


class SecretUnavailable(Exception):
    """The secret cannot be read or written: Secrets Manager was not reached, or does not let us."""


class SecretUnreadable(Exception):
    """The secret's value is not what was agreed on; the text names the secret and says nothing of its value."""


class Secrets:
    """JSON secrets of one account and region."""

    def __init__(self, *, client: Any) -> None:
        self._client = client
        self._provider = SecretsProvider(boto3_client=client)

    def read(self, arn: str, *, anew: bool = False) -> dict[str, str]:
        """A secret's keys and values, remembered for five minutes; ``anew`` does not take what is remembered.

        Raises:
            SecretEmpty, SecretUnavailable, SecretUnreadable: see there.
        """
        try:
            found: Any = self._provider.get(arn, max_age=REMEMBERED_SECONDS, transform="json", force_fetch=anew)
        except GetParameterError as error:
            cause = error.__context__  # the library raises from within its handler
            if _code(cause) == NO_VALUE:
                raise SecretEmpty(arn) from None
            raise SecretUnavailable(f"{arn}: {_code(cause) or type(cause or error).__name__}") from None
        except TransformParameterError:  # its text may hold the value
            raise SecretUnreadable(f"{arn}: is not JSON") from None
        if not isinstance(found, dict):
            raise SecretUnreadable(f"{arn}: is not a JSON object")
        return {str(key): str(value) for key, value in found.items()}

    def fill(self, arn: str, values: dict[str, str], *, version: str) -> bool:
        """Give a secret this version; whether it did not have it before, with these values or others.

        Of two who fill it at once with the same ``version`` (32 to 64 characters), one does.

        Raises:
            SecretUnavailable: see there.
        """
        try:
            self._client.put_secret_value(
                SecretId=arn, SecretString=json.dumps(values), ClientRequestToken=version
            )
        except (BotoCoreError, ClientError) as error:
            if _code(error) == VERSION_EXISTS:
                return False
            raise SecretUnavailable(f"{arn}: {_code(error) or type(error).__name__}") from None
        return True


def _code(error: BaseException | None) -> str:
    return str(error.response["Error"]["Code"]) if isinstance(error, ClientError) else ""
