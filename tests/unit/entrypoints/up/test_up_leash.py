import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from backend.entrypoints.up.leash import Leash
from tests.servers.process import is_gone
from tests.servers.waiting import wait_until

HOLDER = """
import signal, sys
from backend.entrypoints.up.leash import Leash
leash = Leash()
for group in sys.argv[1:]:
    leash.add(int(group))
leash.remove(int(sys.argv[1]))
print("held", flush=True)
signal.pause()
"""


@pytest.fixture
def sleepers() -> Iterator[list[subprocess.Popen[bytes]]]:
    found = [subprocess.Popen(["sleep", "600"], start_new_session=True) for _ in range(3)]
    yield found
    for sleeper in found:
        sleeper.kill()
        sleeper.wait()


def test_whoever_was_on_the_leash_dies_with_a_holder_that_is_killed(
    sleepers: list[subprocess.Popen[bytes]],
) -> None:
    released, *held = sleepers
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, *(str(sleeper.pid) for sleeper in sleepers)], stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    with holder.stdout as output:
        assert output.readline() == b"held\n"

    holder.kill()
    holder.wait()

    wait_until(lambda: all(is_gone(sleeper.pid) for sleeper in held), seconds=10, what="the held to die")
    assert [sleeper.wait() for sleeper in held] == [-signal.SIGKILL, -signal.SIGKILL]
    assert released.poll() is None


def test_closing_an_empty_leash_kills_nobody(sleepers: list[subprocess.Popen[bytes]]) -> None:
    leash = Leash()
    leash.add(sleepers[0].pid)
    leash.remove(sleepers[0].pid)

    leash.close()

    assert [sleeper.poll() for sleeper in sleepers] == [None, None, None]
