"""The callback's signature: HMAC-SHA256 (RFC 2104) over the replenishment's id, in hexadecimal."""

import hashlib
import hmac
from collections.abc import Sequence


def sign(*, replenishment_id: str, secrets: Sequence[str]) -> str:
    """The signature made with the newest secret, which is the first."""
    return _mac(secret=secrets[0], replenishment_id=replenishment_id)


def is_valid(*, signature: str, replenishment_id: str, secrets: Sequence[str]) -> bool:
    """Whether any live secret made this signature. Takes the same time whichever it is, or none."""
    given = _bytes(signature)
    matches = [
        hmac.compare_digest(_mac(secret=secret, replenishment_id=replenishment_id).encode(), given)
        for secret in secrets
    ]
    return any(matches)


def _mac(*, secret: str, replenishment_id: str) -> str:
    return hmac.new(secret.encode(), _bytes(replenishment_id), hashlib.sha256).hexdigest()


def _bytes(given: str) -> bytes:
    """Of whatever a stranger sends: half a character is no reason to fail."""
    return given.encode("utf-8", "surrogatepass")
