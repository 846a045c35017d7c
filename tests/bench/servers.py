"""The servers that are stormed, each a process of its own that answers before it is measured."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil
import urllib3

from tests.servers.ports import free_port
from tests.servers.process import ServerProcess
from tests.servers.waiting import wait_until

ROOT = Path(__file__).parents[2]
SHOP = "backend.entrypoints.serve"
SHOP_THAT_SELLS_ONE_BY_ONE = "tests.bench.one_transaction_each"
_START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A server that answers."""

    port: int
    process: ServerProcess

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def memory_bytes(self) -> int:
        """What it and its children have resident."""
        top = psutil.Process(self.process.pid)
        return sum(one.memory_info().rss for one in (top, *top.children(recursive=True)))

    def stop(self) -> None:
        """End it."""
        self.process.stop()


def start_shop(*, module: str, database_url: str, folder: Path) -> Server:
    """The shop's own backend, served by a module, with the settings that it has by default."""
    environment = {
        "FACTOAUTO_DATABASE_URL": database_url,
        "FACTOAUTO_VAR_DIR": str(folder),
        "FACTOAUTO_CALLBACK_SECRETS": "a-secret-of-the-bench",
    }
    command = [sys.executable, "-m", module]
    return start_server(command, port_variable="FACTOAUTO_BACKEND_PORT", environment=environment, folder=folder)


def start_server(
    command: list[str], *, port_variable: str, environment: Mapping[str, str], folder: Path
) -> Server:
    """Start a program on a free port; returns when it says that it is alive.

    Raises:
        RuntimeError: it ended.
    """
    port = free_port()
    defaults = {name: "" for name in os.environ if name.startswith("FACTOAUTO_")}
    process = ServerProcess(
        command,
        log=folder / f"server-{port}.log",
        environment={**defaults, "PYTHONPATH": str(ROOT), **environment, port_variable: str(port)},
    )
    server = Server(port, process)

    def answers() -> bool:
        if process.exit_code is not None:
            raise RuntimeError(f"{command} ended:\n{process.output}")
        try:
            return urllib3.request("GET", f"{server.url}/healthz", retries=False).status == 200
        except urllib3.exceptions.HTTPError:
            return False

    try:
        wait_until(answers, seconds=_START_SECONDS, what=f"{command} to answer")
    except BaseException:
        process.stop()
        raise
    return server
