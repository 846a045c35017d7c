"""The project's own local AWS (SNS and SQS) as a process of its own."""

import sys
from dataclasses import dataclass
from pathlib import Path

import urllib3

from tests.servers.ports import free_port
from tests.servers.process import ServerProcess
from tests.servers.waiting import wait_until

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_REGION": "ap-northeast-2",
    "AWS_DEFAULT_REGION": "ap-northeast-2",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@dataclass
class LocalAws:
    """A running local AWS that has its topic and queues. ``stop()`` ends it."""

    port: int
    folder: Path
    process: ServerProcess

    @classmethod
    def start(cls, *, folder: Path) -> "LocalAws":
        """Start it on a free port, with its log in ``folder``; returns when topic and queues are there."""
        server = cls.launch(folder=folder)
        server.wait_until_ready()
        return server

    @classmethod
    def launch(cls, *, folder: Path) -> "LocalAws":
        """Start it as ``start()`` does, and do not wait: other servers can start beside it."""
        port = free_port()
        return cls(port=port, folder=folder, process=_start_process(port=port, folder=folder))

    @property
    def endpoint_url(self) -> str:
        """What boto3 takes as its ``endpoint_url``, and the environment as ``AWS_ENDPOINT_URL``."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The environment that points a process at this server."""
        return {"AWS_ENDPOINT_URL": self.endpoint_url, **CREDENTIALS}

    def kill(self) -> None:
        """End it by SIGKILL: its messages are lost, as they are when the process dies."""
        self.process.kill()

    def restart(self) -> None:
        """Stop it if it runs, and start it on the same port; returns when it has its topology again."""
        self.process.stop()
        self.process = _start_process(port=self.port, folder=self.folder)
        self.wait_until_ready()

    def stop(self) -> None:
        """End it."""
        self.process.stop()

    def wait_until_ready(self) -> None:
        """Return when topic and queues are there; end it, and fail, when they do not come."""
        try:
            wait_until(self._is_ready, seconds=60, what=f"the local AWS to be ready on port {self.port}")
        except BaseException:
            self.stop()
            raise

    def _is_ready(self) -> bool:
        if self.process.exit_code is not None:
            raise AssertionError(f"the local AWS ended:\n{self.process.output}")
        try:
            return urllib3.request("GET", f"{self.endpoint_url}/ready", retries=False).status == 200
        except urllib3.exceptions.HTTPError:  # refused while it starts; 503 until topic and queues are there
            return False


def _start_process(*, port: int, folder: Path) -> ServerProcess:
    return ServerProcess(
        [sys.executable, "-m", "backend.entrypoints.local_aws"],
        log=folder / f"local-aws-{port}.log",
        environment={
            **CREDENTIALS,
            "FACTOAUTO_HOST": "127.0.0.1",
            "FACTOAUTO_AWS_PORT": str(port),
            "FACTOAUTO_VAR_DIR": str(folder),
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        },
    )
