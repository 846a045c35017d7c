"""Every program of the shop as a process of its own that a test may kill and start again."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import urllib3

from backend.bootstrap import seed_demo_shop
from backend.settings import Settings
from backend.store.migrate import upgrade
from tests.servers.local_aws import LocalAws
from tests.servers.ports import free_port
from tests.servers.process import ServerProcess
from tests.servers.waiting import wait_until

DASHBOARD = Path(__file__).parents[3] / "dashboard" / "app.py"
TOKEN = "sesame-of-the-browser-tests"
START_SECONDS = 90
REST_SECONDS = 60
READY = {"backend": "/readyz", "factory": "/readyz", "dashboard": "/_stcore/health"}
HEALTH = READY | {"guarded": "/_stcore/health"}


@dataclass
class Stack:
    """The shop's programs on free ports, with their data in one folder."""

    folder: Path
    processes: dict[str, ServerProcess] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)

    @classmethod
    def start(cls, *, folder: Path, aws: LocalAws) -> "Stack":
        """Start everything, with the demo shop unless the database is there; returns when all is ready."""
        stack = cls(folder=folder, ports={name: free_port() for name in READY})
        stack.environment = stack._make_environment(aws)
        settings = Settings(database_url=f"sqlite:///{folder / 'factoauto.db'}")
        upgrade(database_url=settings.database_url)
        seed_demo_shop(settings)
        try:
            for name in ("backend", "factory", "worker", "dashboard"):
                stack.launch(name)
            for name in READY:
                stack.wait_until_ready(name)
        except BaseException:
            stack.stop()
            raise
        return stack

    def url(self, name: str) -> str:
        """Where a program answers."""
        return f"http://127.0.0.1:{self.ports[name]}"

    def launch(self, name: str, **environment: str) -> None:
        """Start one program, and do not wait for it; ``environment`` adds to what all have."""
        module = {
            "backend": ("backend.entrypoints.serve",),
            "worker": ("backend.entrypoints.worker",),
            "factory": ("factory_mock",),
            "dashboard": self._streamlit("dashboard"),
            "guarded": self._streamlit("guarded"),
        }[name]
        self.processes[name] = self._launch(name, *module, **environment)

    def wait_until_ready(self, name: str) -> None:
        """Return when a program answers."""
        wait_until(lambda: self._is_ready(name), seconds=START_SECONDS, what=f"the {name} to be ready")

    def call(self, method: str, path: str, body: Any = None, *, refusals: bool = False) -> Any:
        """Call the backend as an operator; the JSON of its answer, which may be a refusal if that is said."""
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = urllib3.request(
            method, self.url("backend") + path, json=body, headers=headers, retries=False, timeout=10
        )
        assert answer.status < 300 or refusals, (method, path, answer.status, answer.data)
        return answer.json()

    def product(self, sku: str) -> Any:
        """A product as the API shows it."""
        return self.call("GET", f"/api/products/{sku}")

    def wait_until_at_rest(self) -> None:
        """Return when no replenishment is under way any more."""
        wait_until(self._is_at_rest, seconds=REST_SECONDS, what="every replenishment to be received")

    def stop(self) -> None:
        """End everything."""
        for process in reversed(self.processes.values()):
            process.stop()

    def _is_at_rest(self) -> bool:
        return bool(self.call("GET", "/api/overview")["open_replenishments"] == 0)

    def _streamlit(self, name: str) -> tuple[str, ...]:
        return ("streamlit", "run", str(DASHBOARD), "--server.port", str(self.ports.get(name)))

    def _launch(self, name: str, *module: str, **environment: str) -> ServerProcess:
        return ServerProcess(
            [sys.executable, "-m", *module],
            log=self.folder / f"{name}.log",
            environment=self.environment | environment,
        )

    def _is_ready(self, name: str) -> bool:
        process = self.processes[name]
        assert process.exit_code is None, process.output
        try:
            answer = urllib3.request("GET", self.url(name) + HEALTH[name], retries=False, timeout=5)
        except urllib3.exceptions.HTTPError:  # not yet
            return False
        return answer.status == 200

    def _make_environment(self, aws: LocalAws) -> dict[str, str]:
        return {
            **aws.environment,
            "FACTOAUTO_VAR_DIR": str(self.folder),
            "FACTOAUTO_HOST": "127.0.0.1",
            "FACTOAUTO_BACKEND_PORT": str(self.ports["backend"]),
            "FACTOAUTO_FACTORY_PORT": str(self.ports["factory"]),
            "FACTOAUTO_DASHBOARD_PORT": str(self.ports["dashboard"]),
            "FACTOAUTO_FACTORY_URL": self.url("factory"),
            "FACTOAUTO_CALLBACK_SECRETS": "secret-of-the-browser-tests",
            "FACTOAUTO_OPERATOR_TOKEN": TOKEN,
            "FACTOAUTO_LEAD_TIME_SECONDS": "1",
            "FACTOAUTO_SWEEP_SECONDS": "1",
            "FACTOAUTO_SIMULATOR": "1",
            "NO_PROXY": "*",
            "no_proxy": "*",
        }
