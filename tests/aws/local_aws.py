"""All of AWS that Terraform's root needs, by moto, as a process of its own."""

import sys
from dataclasses import dataclass
from pathlib import Path

import urllib3

from tests.servers.local_aws import CREDENTIALS
from tests.servers.ports import free_port
from tests.servers.process import ServerProcess
from tests.servers.waiting import wait_until


@dataclass(frozen=True)
class WholeLocalAws:
    """A running server. ``stop()`` ends it, and what was deployed to it with it."""

    port: int
    process: ServerProcess

    @classmethod
    def start(cls, *, folder: Path) -> "WholeLocalAws":
        """Start it on a free port, with its log in ``folder``; returns when it answers."""
        port = free_port()
        command = [sys.executable, "-m", "tests.aws.moto_server", str(port)]
        server = cls(port=port, process=ServerProcess(command, log=folder / "aws.log", environment=CREDENTIALS))
        try:
            wait_until(server._answers, seconds=60, what=f"the local AWS to answer on port {port}")
        except BaseException:
            server.stop()
            raise
        return server

    @property
    def environment(self) -> dict[str, str]:
        """What points Terraform and boto3 at this server, and nothing else does.

        The address is a number so that no client puts a bucket's or an account's name before it.
        """
        return {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}", **CREDENTIALS}

    def stop(self) -> None:
        """End it."""
        self.process.stop()

    def _answers(self) -> bool:
        if self.process.exit_code is not None:
            raise AssertionError(f"the local AWS ended:\n{self.process.output}")
        try:
            url = f"{self.environment['AWS_ENDPOINT_URL']}/moto-api/"
            return urllib3.request("GET", url, retries=False).status == 200
        except urllib3.exceptions.HTTPError:
            return False
