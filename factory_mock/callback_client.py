"""One call to a shop: connect to a checked address, post, and say what the answer means."""

from __future__ import annotations

import re
from dataclasses import dataclass

import orjson
import urllib3
from urllib3.exceptions import HTTPError

from factory_mock.callback_hosts import CallbackHosts, CallbackNotAllowed, Target

CORRELATION_ID = "X-Correlation-Id"
CONNECT_SECONDS = 2.0
READ_SECONDS = 5.0
_RETRY_LATER = frozenset({408, 425, 429})
_LONGEST_WAIT_ASKED_FOR = 60.0


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a shop said to a delivery, or why it said nothing.

    `problem` is None if the delivery was accepted. `final` means that trying again would not change it.
    `retry_after` is how many seconds the shop asked to be left alone.
    """

    problem: str | None
    final: bool
    retry_after: float = 0.0


class CallbackClient:
    """Posts deliveries, to allowed hosts only. Follows no redirect and uses no proxy."""

    def __init__(self, hosts: CallbackHosts) -> None:
        self._hosts = hosts
        self._timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)

    def post(
        self, *, url: str, delivery_id: str, body: dict[str, object], correlation_id: str | None = None
    ) -> Answer:
        """Post one delivery and return what became of it. Raises nothing on a network's or shop's failure."""
        try:
            target = self._hosts.target(url)
            addresses = self._hosts.addresses(target)
        except CallbackNotAllowed as refusal:
            return Answer(problem=f"not called: the URL {refusal}", final=True)
        except (OSError, UnicodeError) as error:
            return Answer(problem=f"the host's name cannot be resolved ({type(error).__name__})", final=False)
        headers = {
            "Host": target.authority,
            "Content-Type": "application/json",
            "User-Agent": "factoauto-factory-mock",
            "webhook-id": delivery_id,
        }
        if correlation_id is not None:
            headers[CORRELATION_ID] = correlation_id
        return self._post_to_first_that_answers(target, addresses, orjson.dumps(body), headers)

    def _post_to_first_that_answers(
        self, target: Target, addresses: list[str], body: bytes, headers: dict[str, str]
    ) -> Answer:
        """Try one address after another, as a browser does: `localhost` is often two, and served on one."""
        answer = Answer(problem="the host has no address", final=False)
        for address in addresses:
            try:
                with self._pool(target, address) as pool:
                    response = pool.urlopen(
                        "POST",
                        target.path,
                        body=body,
                        headers=headers,
                        redirect=False,
                        retries=False,
                        preload_content=False,
                    )
                    response.close()  # only the status is of interest, and the body could be endless
                return _meaning(response.status, response.headers.get("Retry-After", ""))
            except (HTTPError, OSError) as error:
                # The text of these errors may hold the URL with its signature: only their kind is kept.
                answer = Answer(problem=f"no answer ({type(error).__name__})", final=False)
        return answer

    def _pool(self, target: Target, address: str) -> urllib3.HTTPConnectionPool:
        if target.scheme == "http":
            return urllib3.HTTPConnectionPool(address, target.port, timeout=self._timeout)
        return urllib3.HTTPSConnectionPool(
            address,
            target.port,
            timeout=self._timeout,
            server_hostname=target.host,
            assert_hostname=target.host,
        )


def _meaning(status: int, retry_after: str) -> Answer:
    if 200 <= status < 300:
        return Answer(problem=None, final=True)
    problem = f"answered {status}"
    if status >= 500 or status in _RETRY_LATER:
        seconds = float(retry_after) if re.fullmatch(r"\d{1,6}", retry_after) else 0.0
        return Answer(problem=problem, final=False, retry_after=min(seconds, _LONGEST_WAIT_ASKED_FOR))
    return Answer(problem=problem, final=True)
