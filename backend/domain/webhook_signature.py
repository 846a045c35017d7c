"""The signature of a webhook message, as https://www.standardwebhooks.com has it: ``v1,`` and HMAC-SHA256."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

PREFIX = "whsec_"
FEWEST_BYTES, MOST_BYTES = 24, 64


class WrongSecret(ValueError):
    """It is no secret that messages can be signed with."""


def read_secret(secret: str) -> bytes:
    """The key that a secret ``whsec_`` and base64 stands for.

    Raises:
        WrongSecret: it is written otherwise, or of fewer than 24 or more than 64 bytes.
    """
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or not FEWEST_BYTES <= len(key) <= MOST_BYTES:
        raise WrongSecret(f"must be {PREFIX} and the base64 of {FEWEST_BYTES} to {MOST_BYTES} random bytes")
    return key


def sign_message(*, message_id: str, timestamp: int, body: bytes, secrets: Sequence[str]) -> str:
    """The header ``webhook-signature``: one signature for each live secret, so that they can be rotated.

    Args:
        message_id: the header ``webhook-id``.
        timestamp: the header ``webhook-timestamp``, seconds since 1970.
        body: the very bytes that are sent.
        secrets: ``whsec_`` and base64.
    """
    signed = f"{message_id}.{timestamp}.".encode() + body
    macs = (hmac.digest(read_secret(secret), signed, hashlib.sha256) for secret in secrets)
    return " ".join(f"v1,{base64.b64encode(mac).decode()}" for mac in macs)
