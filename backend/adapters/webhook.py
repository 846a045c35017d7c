"""The operator's webhook, over HTTP, signed as https://www.standardwebhooks.com has it."""

from collections.abc import Sequence
from datetime import datetime

import urllib3

from backend.adapters.unreached import why_unreached
from backend.domain.webhook_signature import sign_message

CONNECT_SECONDS, ANSWER_SECONDS = 3, 5


class NotDelivered(Exception):
    """The receiver did not take the message; it may be sent again by the same id. The text names no address."""


class Webhook:
    """A receiver at ``url``, which may itself be a secret; ``secrets`` are live, each signs."""

    def __init__(self, *, url: str, secrets: Sequence[str]) -> None:
        self._url = url
        self._secrets = secrets
        self._http = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=ANSWER_SECONDS), retries=False
        )

    @property
    def longest_seconds(self) -> float:
        """The longest that it is waited for."""
        return CONNECT_SECONDS + ANSWER_SECONDS

    def send(self, *, message_id: str, body: bytes, sent_at: datetime) -> None:
        """Send one message.

        Raises:
            NotDelivered: no 2xx came back. Redirects are not followed.
        """
        timestamp = int(sent_at.timestamp())
        signature = sign_message(message_id=message_id, timestamp=timestamp, body=body, secrets=self._secrets)
        try:
            answer = self._http.request(
                "POST",
                self._url,
                body=body,
                headers={
                    "Content-Type": "application/json",
                    "User-Agent": "FactoAuto",
                    "webhook-id": message_id,
                    "webhook-timestamp": str(timestamp),
                    "webhook-signature": signature,
                },
                redirect=False,
                preload_content=False,  # what it says beside its status is nobody's business, however long
            )
        except urllib3.exceptions.HTTPError as error:
            raise NotDelivered(f"the webhook was not reached: {why_unreached(error)}") from error
        answer.close()
        if not 200 <= answer.status < 300:
            raise NotDelivered(f"the webhook answered {answer.status}")
