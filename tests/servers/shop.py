"""The whole shop as a user runs it: ``factoauto up``, on free ports, with its data in a folder of the test's."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import urllib3

from tests.servers.ports import free_port
from tests.servers.process import ServerProcess
from tests.servers.waiting import wait_until

PORTS = ("BACKEND", "FACTORY", "DASHBOARD", "AWS")
DONUT = "CP-502101"
START_SECONDS = 60
END_SECONDS = 30  # `factoauto up` promises five on a machine that has time for it


def free_ports() -> dict[str, str]:
    """The settings that give each server a free port."""
    return {f"FACTOAUTO_{name}_PORT": str(free_port()) for name in PORTS}


@dataclass
class Shop:
    """A running ``factoauto up``, which may be started again on the same data."""

    folder: Path
    environment: dict[str, str] = field(default_factory=free_ports)
    _process: ServerProcess | None = None

    def launch(self) -> None:
        """Start it, and do not wait for anything."""
        self._process = ServerProcess(
            [sys.executable, "-m", "backend.entrypoints.cli", "up"],
            log=self.folder.with_suffix(".log"),
            environment={"FACTOAUTO_VAR_DIR": str(self.folder), **self.environment},
        )

    def start(self) -> None:
        """Start it, and return when it says that everything is ready."""
        self.folder.with_suffix(".log").unlink(missing_ok=True)
        self.launch()
        try:
            wait_until(self._is_up, seconds=START_SECONDS, what="the shop to be ready")
        except AssertionError as error:
            raise AssertionError(f"{error}; it printed:\n{self.process.output}") from None

    @property
    def process(self) -> ServerProcess:
        """The process of ``factoauto up`` itself."""
        assert self._process is not None, "it was not started"
        return self._process

    @property
    def is_running(self) -> bool:
        """Whether it was started, and has not ended."""
        return self._process is not None and self._process.exit_code is None

    def port(self, name: str) -> int:
        """The port of a server: ``BACKEND``, ``FACTORY``, ``DASHBOARD`` or ``AWS``."""
        return int(self.environment[f"FACTOAUTO_{name}_PORT"])

    @property
    def url(self) -> str:
        """Where the shop's API is."""
        return f"http://127.0.0.1:{self.port('BACKEND')}"

    def buy(self) -> str:
        """Buy a donut the original's way; returns what the shop says."""
        answer = urllib3.request(
            "POST", f"{self.url}/send", json={"MessageAttributeProductId": DONUT}, retries=False
        )
        return str(answer.json()["message"])

    def product(self) -> Any:
        """The donut as the shop's API shows it."""
        return urllib3.request("GET", f"{self.url}/api/products/{DONUT}", retries=False).json()

    def is_ready(self, name: str, path: str) -> bool:
        """Whether a server answers 200 at a path."""
        url = f"http://127.0.0.1:{self.port(name)}{path}"
        try:
            return urllib3.request("GET", url, retries=False, timeout=5).status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def processes(self) -> list[psutil.Process]:
        """Every process of the shop, ``factoauto up`` first."""
        top = psutil.Process(self.process.pid)
        return [top, *top.children(recursive=True)]

    def process_of(self, word: str) -> psutil.Process:
        """The process of ``factoauto up`` with this word on its command line; waits while it is started again."""
        found: list[psutil.Process] = []

        def look() -> list[psutil.Process]:
            children = psutil.Process(self.process.pid).children()
            found[:] = [child for child in children if word in _command_line(child)]
            return found

        wait_until(look, seconds=START_SECONDS, what=f"a process of {word}")
        (process,) = found
        return process

    def stop(self) -> None:
        """End it, if it was started."""
        if self._process is not None:
            self._process.stop()

    def _is_up(self) -> bool:
        if self.process.exit_code is not None:
            raise AssertionError(f"factoauto up ended:\n{self.process.output}")
        return "FactoAuto is running." in self.process.output


def _command_line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:  # it has just ended
        return ""
