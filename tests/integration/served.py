"""The backend as it is run: a server process, called over HTTP as strangers, factories and operators call it."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import urllib3

from backend.domain import signature
from backend.settings import Settings
from tests.servers.ports import free_port
from tests.servers.process import ServerProcess
from tests.servers.waiting import wait_until

SECRET = "a-new-secret-for-tests-only"
OLD_SECRET = "an-old-secret-for-tests-only"
TOKEN = "sesame-sesame-sesame"
JSON = {"Content-Type": "application/json"}
START_SECONDS = 60
ANSWER_SECONDS = 60


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment that gives a process the database, the queues and the factory of these settings."""
    return {
        "FACTOAUTO_DATABASE_URL": settings.database_url,
        "FACTOAUTO_FACTORY_URL": settings.factory_url,
        "FACTOAUTO_TOPIC_NAME": settings.topic_name,
        "FACTOAUTO_QUEUE_NAME": settings.queue_name,
        "FACTOAUTO_DEAD_LETTER_QUEUE_NAME": settings.dead_letter_queue_name,
        "FACTOAUTO_CALLBACK_SECRETS": f"{SECRET},{OLD_SECRET}",
        "FACTOAUTO_OPERATOR_TOKEN": f"alice:{TOKEN}",
        "FACTOAUTO_LOG_LEVEL": "DEBUG",
        "AWS_ENDPOINT_URL": settings.aws_endpoint_url,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
    }


@dataclass
class Served:
    """A running backend. Made by ``Served.start()``, ended by ``stop()``."""

    port: int
    process: ServerProcess
    _http: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(retries=False, maxsize=32, timeout=ANSWER_SECONDS)
    )

    @classmethod
    def start(cls, environment: Mapping[str, str], *, folder: Path) -> "Served":
        """Start it on a free port; returns when it answers."""
        served = cls.launch(environment, folder=folder)
        served.wait_until_it_answers()
        return served

    @classmethod
    def launch(cls, environment: Mapping[str, str], *, folder: Path) -> "Served":
        """Start it on a free port, and do not wait: other servers can start beside it."""
        port = free_port()
        process = ServerProcess(
            [sys.executable, "-m", "backend.entrypoints.serve"],
            log=folder / f"backend-{port}.log",
            environment={
                **environment,
                "FACTOAUTO_BACKEND_PORT": str(port),
                "FACTOAUTO_VAR_DIR": str(folder),
            },
        )
        return cls(port=port, process=process)

    def wait_until_it_answers(self) -> None:
        """Return when it answers; end it, and fail, when it does not."""
        try:
            wait_until(self._answers, seconds=START_SECONDS, what="the backend to answer")
        except BaseException:
            self.process.stop()
            raise

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """End it."""
        self._http.clear()
        self.process.stop()

    def call(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> urllib3.BaseHTTPResponse:
        """Any request, as it is."""
        return self._http.request(method, f"{self.url}{path}", body=body, headers=headers)

    def send(
        self, sku: str, *, headers: Mapping[str, str] | None = None, **fields: object
    ) -> urllib3.BaseHTTPResponse:
        """The original's purchase."""
        body = json.dumps({"MessageAttributeProductId": sku, **fields}).encode()
        return self.call("POST", "/send", body=body, headers={**JSON, **(headers or {})})

    def deliver(
        self,
        replenishment_id: str,
        quantity: object,
        *,
        secret: str = SECRET,
        headers: Mapping[str, str] | None = None,
        **fields: object,
    ) -> urllib3.BaseHTTPResponse:
        """The factory's callback."""
        body = json.dumps({"MessageAttributeProductCnt": quantity, **fields}).encode()
        path = callback_path(replenishment_id, secret=secret)
        return self.call("POST", path, body=body, headers={**JSON, **(headers or {})})

    def restock(self, sku: str, *, body: bytes = b"{}", token: str | None = TOKEN) -> urllib3.BaseHTTPResponse:
        """The operator's order."""
        headers = {**JSON, "Authorization": f"Bearer {token}"} if token else JSON
        return self.call("POST", f"/api/products/{sku}/restock", body=body, headers=headers)

    def get(self, path: str) -> Any:
        """What a GET that goes well says."""
        answer = self.call("GET", path)
        assert answer.status == 200, answer.data
        return answer.json()

    def _answers(self) -> bool:
        if self.process.exit_code is not None:
            raise AssertionError(f"the backend ended:\n{self.process.output}")
        try:
            return self.call("GET", "/healthz").status == 200
        except urllib3.exceptions.HTTPError:
            return False


def callback_path(replenishment_id: str, *, secret: str = SECRET) -> str:
    """Where the factory of this order is told to call."""
    signed = signature.sign(replenishment_id=replenishment_id, secrets=[secret])
    return f"/callbacks/replenishments/{replenishment_id}?signature={signed}"


Serve = Callable[..., Served]
