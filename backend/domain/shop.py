"""What the shop says of itself in every order."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Shop:
    """The shop's own words and limits.

    ``public_url`` is the base of the callback that the factory is handed; ``callback_secrets`` sign it, the
    newest first. An idempotency key is remembered for ``idempotency_retention``.
    """

    topic: str
    requester: str
    requester_tel: str
    public_url: str
    callback_secrets: tuple[str, ...]
    idempotency_retention: timedelta = timedelta(days=1)
