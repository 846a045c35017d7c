"""The backend's HTTP API, and nothing else: every call has a timeout and returns a result, never an exception."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Literal

import requests
from requests.adapters import HTTPAdapter

from dashboard import settings

CONNECT_SECONDS = 1.0
READ_SECONDS = 5.0
TRIES = 3
"""of a call that may be repeated, before its outcome is called unknown"""

Failure = Literal["", "unreachable", "unanswered", "problem"]
Params = Mapping[str, str | int | list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a call.

    ``data`` is the JSON of the answer, also of a problem document. ``error`` is empty when it went well;
    ``unreachable`` says that nothing was done, ``unanswered`` that nobody knows, ``problem`` that it was refused.
    """

    ok: bool
    data: Any
    at: datetime
    error: Failure = ""
    status: int = 0

    @property
    def ailing(self) -> bool:
        """Whether there is no use in going on as usual: no answer, or one of a server in trouble."""
        return self.error in ("unreachable", "unanswered") or self.status >= 500

    @property
    def reason(self) -> str:
        """What the backend says is wrong."""
        problem = self.data if isinstance(self.data, dict) else {}
        fields = [f"{one.get('field')}: {one.get('detail')}" for one in problem.get("errors") or []]
        return "; ".join(fields) or str(problem.get("detail") or problem.get("title") or self.status)


class Client:
    """One backend. Threads may share it."""

    def __init__(self, *, url: str, token: str) -> None:
        """Call the backend at ``url``, as an operator with ``token``."""
        self._url = url
        self._token = token
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy stands between the dashboard and its backend
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.mount("http://", HTTPAdapter(pool_maxsize=32))

    def get(self, path: str, params: Params | None = None, *, operator: bool = False) -> Result:
        """Read."""
        return self._call("GET", path, params=params, operator=operator)

    def text(self, path: str, *, accept: str) -> Result:
        """Read as another media type; ``data`` is the text."""
        return self._call("GET", path, accept=accept)

    def send(self, method: str, path: str, body: Any, *, operator: bool = False, key: str | None = None) -> Result:
        """Change something. With an idempotency key, what was not answered is asked again."""
        result = self._call(method, path, body=body, operator=operator, key=key)
        tries = 1
        while key and result.error == "unanswered" and tries < TRIES:
            result = self._call(method, path, body=body, operator=operator, key=key)
            tries += 1
        return result

    def _call(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        body: Any = None,
        operator: bool = False,
        key: str | None = None,
        accept: str = "application/json",
    ) -> Result:
        headers = {"Accept": accept}
        if operator and self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        if key:
            headers["Idempotency-Key"] = key
        try:
            response = self._session.request(
                method,
                self._url + path,
                params=params,
                json=body,
                headers=headers,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
            )
            data = response.text if accept != "application/json" and response.ok else response.json()
        except (requests.exceptions.ConnectTimeout, requests.exceptions.ProxyError):
            return Result(ok=False, data=None, at=datetime.now(UTC), error="unreachable")
        except requests.exceptions.ConnectionError as error:
            refused = "NewConnectionError" in repr(error)
            return Result(
                ok=False, data=None, at=datetime.now(UTC), error="unreachable" if refused else "unanswered"
            )
        except requests.exceptions.RequestException:  # too slow, or not JSON
            return Result(ok=False, data=None, at=datetime.now(UTC), error="unanswered")
        ok = response.status_code < 300
        return Result(
            ok=ok, data=data, at=datetime.now(UTC), error="" if ok else "problem", status=response.status_code
        )


@cache
def client() -> Client:
    """The backend of this process's settings."""
    own = settings.load()
    return Client(url=own.backend_url, token=own.bearer_token())


def new_key() -> str:
    """An idempotency key: one for each click."""
    return str(uuid.uuid4())
