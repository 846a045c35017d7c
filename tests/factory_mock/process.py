"""The factory as it is run: `python -m factory_mock` in a process of its own, on a free port."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import psutil
import urllib3

from tests.servers.ports import free_port
from tests.servers.process import ServerProcess
from tests.servers.waiting import wait_until

PATIENCE_SECONDS = 15


class FactoryProcess:
    """A running factory: its master process, its worker, its log."""

    def __init__(self, *, log: Path, environment: dict[str, str]) -> None:
        self.port = int(environment.get("FACTOAUTO_FACTORY_PORT") or free_port())
        self.server = ServerProcess(
            [sys.executable, "-m", "factory_mock"],
            log=log,
            environment={**environment, "FACTOAUTO_FACTORY_PORT": str(self.port)},
        )
        self._http = urllib3.PoolManager(retries=False, timeout=PATIENCE_SECONDS)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def worker(self) -> psutil.Process:
        """The worker process of the master."""
        [worker] = psutil.Process(self.server.pid).children(recursive=True)
        return worker

    def request(self, method: str, path: str, **arguments: Any) -> urllib3.BaseHTTPResponse:
        """Send a request and return the whole response."""
        return self._http.request(method, f"{self.url}{path}", **arguments)

    def document(self, path: str) -> Any:
        """Return the JSON document at this path."""
        return json.loads(self.request("GET", path).data)

    def wait_until_ready(self) -> None:
        wait_until(
            lambda: self.answers() or self.server.exit_code is not None,
            seconds=PATIENCE_SECONDS,
            what="the factory to be ready",
        )
        assert self.server.exit_code is None, self.server.output

    def answers(self) -> bool:
        """Tell whether the factory is ready to work."""
        try:
            return self.request("GET", "/readyz").status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def end(self) -> None:
        """End whatever is left of it."""
        self._http.clear()
        self.server.kill()
