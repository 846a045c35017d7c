"""The fault switches of the factory mock, over HTTP."""

from typing import Any

import orjson
import urllib3


class FactoryNotReached(Exception):
    """The factory mock did not answer as it should."""


class FaultsRefused(Exception):
    """The factory mock says that these switches are wrong."""


class Simulator:
    """``/faults`` of the factory mock at ``url``, with the operator's token that both know."""

    def __init__(self, *, url: str, token: str) -> None:
        self._url = f"{url}/faults"
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._http = urllib3.PoolManager(timeout=urllib3.Timeout(connect=2, read=5), retries=False)

    def get_faults(self) -> dict[str, Any]:
        """Every switch as it is set; None is off.

        Raises:
            FactoryNotReached: see there.
        """
        return self._ask("GET", None)

    def set_faults(self, faults: dict[str, Any]) -> dict[str, Any]:
        """Set every switch; those that are left out are off.

        Raises:
            FaultsRefused, FactoryNotReached: see there.
        """
        return self._ask("PUT", orjson.dumps(faults))

    def _ask(self, method: str, body: bytes | None) -> dict[str, Any]:
        try:
            answer = self._http.request(method, self._url, body=body, headers=self._headers)
            said = orjson.loads(answer.data)
        except (urllib3.exceptions.HTTPError, orjson.JSONDecodeError) as error:
            raise FactoryNotReached(type(error).__name__) from error
        if answer.status == 422 and isinstance(said, dict):
            raise FaultsRefused(str(said.get("detail")))
        if answer.status != 200 or not isinstance(said, dict):
            raise FactoryNotReached(f"it answered {answer.status}")
        return said
