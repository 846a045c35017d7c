"""Nothing that a test starts outlives it."""

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.servers.process import ServerProcess, is_gone
from tests.servers.waiting import wait_until

_PARENT_THAT_WAITS = """
import pathlib, signal, sys
from tests.servers.process import ServerProcess
server = ServerProcess(["sleep", "600"], log=pathlib.Path(sys.argv[1]))
print(server.pid, flush=True)
signal.pause()
"""


def test_a_server_dies_with_a_pytest_that_is_killed(tmp_path: Path) -> None:
    pytest_stand_in = subprocess.Popen(
        [sys.executable, "-c", _PARENT_THAT_WAITS, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True
    )
    assert pytest_stand_in.stdout is not None
    with pytest_stand_in.stdout as output:
        server_pid = int(output.readline())

    pytest_stand_in.kill()
    pytest_stand_in.wait()

    wait_until(lambda: is_gone(server_pid), seconds=10, what="the server to die")


def test_a_server_is_stopped_with_its_children(tmp_path: Path) -> None:
    server = ServerProcess(["sh", "-c", "trap '' TERM; sleep 600 & echo started; wait"], log=tmp_path / "log")
    wait_until(lambda: "started" in server.output, seconds=10, what="the child to start")
    children = psutil.Process(server.pid).children()

    server.kill()

    assert server.exit_code == -9
    wait_until(lambda: all(is_gone(child.pid) for child in children), seconds=10, what="its child to die")


def test_a_condition_that_never_holds_fails_by_its_name() -> None:
    with pytest.raises(AssertionError, match="the moon to be cheese"):
        wait_until(lambda: False, seconds=0, what="the moon to be cheese")
