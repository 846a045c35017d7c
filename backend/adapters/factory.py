"""The factory, over HTTP."""

import json
import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin

import urllib3

from backend.adapters.unreached import why_unreached

LONGEST_DETAIL = 200
_SIGNATURE = re.compile(r"signature=[^&\s]+")


class OrderFailed(Exception):
    """The factory did not take the order, or was not reached; it may be asked again with the same key."""


class FactoryUnreachable(Exception):
    """The factory does not answer at all."""


class Factory:
    """The factory's REST API at ``url``; ``timeout_seconds`` bounds connecting and each wait for data."""

    def __init__(self, *, url: str, timeout_seconds: float) -> None:
        self._url = url
        connect_seconds = min(3.0, timeout_seconds)
        timeout = urllib3.Timeout(connect=connect_seconds, read=timeout_seconds)
        self.longest_seconds = connect_seconds + timeout_seconds
        """How long a call takes where the factory hangs."""
        self._http = urllib3.PoolManager(timeout=timeout, retries=False, maxsize=16)

    def order(self, order: dict[str, Any], *, idempotency_key: str, correlation_id: str) -> None:
        """Place an order; with a key that the factory knows it produces nothing new, and calls back again.

        Raises:
            OrderFailed: no 2xx came back.
        """
        try:
            answer = self._http.request(
                "POST",
                urljoin(f"{self._url}/", "api/manufactures"),
                body=json.dumps(order, ensure_ascii=False).encode(),
                headers={
                    "Content-Type": "application/json",
                    "Idempotency-Key": idempotency_key,
                    "X-Correlation-Id": correlation_id,
                },
                redirect=False,
            )
        except urllib3.exceptions.HTTPError as error:
            raise OrderFailed(f"the factory was not reached: {why_unreached(error)}") from error
        if not 200 <= answer.status < 300:
            raise OrderFailed(f"the factory answered {answer.status}: {_detail(answer.data)}")

    def ask_time(self) -> datetime | None:
        """The factory's clock, in UTC, to the second; None where its answer has no ``Date``.

        Raises:
            FactoryUnreachable: it was not reached.
        """
        try:
            answer = self._http.request("GET", self._url, redirect=False)
        except urllib3.exceptions.HTTPError as error:
            raise FactoryUnreachable(
                f"the factory was not reached at {self._url}: {why_unreached(error)}"
            ) from error
        date = answer.headers.get("Date")
        return parsedate_to_datetime(date) if date else None


def _detail(body: bytes) -> str:
    """What a problem document (RFC 9457) says; no more: a body may repeat the callback's signature."""
    try:
        problem = json.loads(body)
        said = problem.get("detail") or problem.get("title")
    except (ValueError, AttributeError, RecursionError):
        said = None
    return _presentable(str(said))[:LONGEST_DETAIL] if said else "no reason given"


def _presentable(said: str) -> str:
    """A stranger's words as they can be kept and shown: no half characters, and nothing that a terminal obeys."""
    shown = "".join(character if character.isprintable() else "\ufffd" for character in said)
    return _SIGNATURE.sub("signature=…", shown)
