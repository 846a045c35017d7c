"""The shop of ``docker/compose.yaml``, run by podman-compose."""

import json
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import urllib3

from tests.images.engine import ROOT, CommandFailed, Engine
from tests.servers.ports import free_port
from tests.servers.waiting import wait_until

COMPOSE = ROOT / "docker" / "compose.yaml"
PROJECT = "factoauto-proof"
PUBLISHED = ("BACKEND", "FACTORY", "DASHBOARD", "DOCS", "PROMETHEUS")
# Short enough to see what is published and asked again within the proof.
_PATIENCE = {"FACTOAUTO_SWEEP_SECONDS": "2", "FACTOAUTO_OVERDUE_SECONDS": "10", "FACTOAUTO_LEAD_TIME_SECONDS": "1"}


@dataclass(frozen=True)
class ContainerShop:
    """``up()`` brings it up, ``down()`` ends it."""

    engine: Engine
    ports: dict[str, int] = field(default_factory=lambda: {name: free_port() for name in PUBLISHED})
    http: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(maxsize=32, retries=False, timeout=urllib3.Timeout(30))
    )

    def up(self) -> None:
        """Start every service, each when what it depends on is there.

        podman-compose does not wait for health, so what Docker does by ``depends_on`` is done here.
        """
        self.start("secrets")
        self.await_end_of("secrets")
        self.start("database", "local-aws", "factory", "docs")
        self.await_health_of("database", "local-aws", "factory", "docs")
        self.start("migrate")
        self.await_end_of("migrate")
        self.start("backend", "worker")
        self.await_health_of("backend", "worker")
        self.start("gateway")
        self.await_health_of("gateway")
        self.start("dashboard")
        self.await_health_of("dashboard")

    def start(self, *services: str, options: tuple[str, ...] = ()) -> None:
        """Start services without those that they depend on; ``options`` are those of ``up``."""
        self.compose("up", "--detach", "--no-build", "--no-deps", *options, *services)

    def compose(self, *words: str, seconds: float = 180) -> str:
        """What ``podman-compose`` answers."""
        ports = {f"FACTOAUTO_{name}_PORT": str(port) for name, port in self.ports.items()}
        fixed = ("--in-pod", "false", "--file", str(COMPOSE), "--project-name", PROJECT)
        profile = ("--profile", "observability")
        return self.engine.run(
            "podman-compose", *fixed, *profile, *words, seconds=seconds, environment=ports | _PATIENCE
        )

    def down(self, *options: str) -> None:
        """Stop everything; ``options`` are those of ``down``."""
        # podman-compose takes what was scaled up for orphans.
        self.compose("down", "--timeout", "10", "--remove-orphans", *options)

    def containers(self, service: str) -> list[str]:
        """The names of a service's containers, running or not."""
        label = f"label=com.docker.compose.service={service}"
        return sorted(self.engine.podman("ps", "--all", "--filter", label, "--format", "{{.Names}}").split())

    def inspect(self, container: str) -> Any:
        """What podman knows of a container."""
        return json.loads(self.engine.podman("inspect", container))[0]

    def log(self, container: str) -> str:
        """What a container has printed."""
        _, output, said = self.engine.attempt("podman", "logs", container, seconds=30)
        return output + said

    def await_end_of(self, service: str) -> None:
        """Return when the service's only container has ended well; it may be started again a few times."""
        (container,) = self.containers(service)
        self._await(lambda: self._ended_well(container), container, what="to end with 0")

    def await_health_of(self, *services: str) -> None:
        """Return when every container of the services passes its own health check."""
        for container in [container for service in services for container in self.containers(service)]:
            self._await(lambda: self.is_healthy(container), container, what="to be healthy")  # noqa: B023

    def is_healthy(self, container: str) -> bool:
        """Whether the health check of the container passes now; without systemd nobody asks regularly."""
        status, _, _ = self.engine.attempt("podman", "healthcheck", "run", container, seconds=60)
        return status == 0

    def kill(self, service: str) -> int:
        """End a service's first process as a power cut would; returns its process id."""
        (container,) = self.containers(service)
        process = int(self.inspect(container)["State"]["Pid"])
        os.kill(process, signal.SIGKILL)
        return process

    def call(self, method: str, path: str, *, port: str = "BACKEND", **options: Any) -> urllib3.BaseHTTPResponse:
        """One request to what is published; ``options`` are urllib3's.

        Raises:
            urllib3.exceptions.HTTPError: there was no answer.
        """
        return self.http.request(method, f"http://127.0.0.1:{self.ports[port]}{path}", **options)

    def get(self, path: str, *, port: str = "BACKEND") -> Any:
        """The JSON of a GET that is answered 200."""
        response = self.call("GET", path, port=port)
        assert response.status == 200, response.data
        return response.json()

    def run_factoauto(self, *words: str) -> str:
        """What an operator's command says, run in a backend's container; CommandFailed where it ends badly."""
        return self.engine.podman("exec", self.containers("backend")[0], "factoauto", *words)

    def _ended_well(self, container: str) -> bool:
        state = self.inspect(container)["State"]
        return bool(state["Status"] == "exited" and state["ExitCode"] == 0)

    def _await(self, condition: Callable[[], object], container: str, *, what: str) -> None:
        try:
            wait_until(condition, seconds=120, what=f"{container} {what}")
        except AssertionError as error:
            raise CommandFailed(f"{error}\n{self.log(container)[-4000:]}") from None
