"""One program of the shop, started again and again under its name."""

import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.servers.process import ServerProcess


@dataclass
class Program:
    """A process with a name, a command and a log; whoever starts it again need not know them."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    _process: ServerProcess | None = field(default=None)

    @property
    def process(self) -> ServerProcess:
        """The process as it is now."""
        assert self._process is not None, f"{self.name} was not started"
        return self._process

    def start(self) -> None:
        """Start it, and do not wait for anything."""
        self._process = ServerProcess(self.command, log=self.log, environment=self.environment)

    def kill(self) -> None:
        """SIGKILL it and all that it started."""
        self.process.kill()

    def kill_parent(self) -> None:
        """SIGKILL the process itself, and none that it started."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def kill_children(self) -> None:
        """SIGKILL what it started, and not the process itself."""
        for child in psutil.Process(self.process.pid).children():
            child.kill()

    def stop(self) -> None:
        """End it, if it runs."""
        if self._process is not None:
            self._process.signal_group(signal.SIGCONT)
            self._process.stop()
