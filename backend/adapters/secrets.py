"""Secrets Manager, for the Lambdas."""

import json
import time
from typing import Any

import structlog
from aws_lambda_powertools.utilities.parameters import SecretsProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError, TransformParameterError
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

log = structlog.get_logger(__name__)

TIMEOUTS = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "max_attempts": 3})
REMEMBERED_SECONDS = 300
"""How long a secret is used before it is read again: rotation is seen within this time."""
AGAIN_SECONDS = 30
"""When Secrets Manager was away, how long what was read before is used until it is asked again."""
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
        self._last: dict[str, dict[str, str]] = {}
        self._ask_again_at: dict[str, float] = {}

    def read(self, arn: str, *, anew: bool = False) -> dict[str, str]:
        """A secret's keys and values, remembered for five minutes, and longer while it cannot be read.

        Args:
            anew: do not take what is remembered.

        Raises:
            SecretEmpty, SecretUnavailable, SecretUnreadable: see there.
        """
        if not anew and time.monotonic() < self._ask_again_at.get(arn, 0):
            return self._last[arn]
        try:
            self._last[arn] = self._ask(arn, anew=anew)
        except SecretUnavailable as error:
            if anew or arn not in self._last:
                raise
            log.warning("secret not read again, the last one stays in use", error=str(error))
            self._ask_again_at[arn] = time.monotonic() + AGAIN_SECONDS
        return self._last[arn]

    def _ask(self, arn: str, *, anew: bool) -> dict[str, str]:
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
