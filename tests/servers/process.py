"""A server's process that never outlives pytest, however pytest ends."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

_LEASH = 'cat >/dev/null; kill -KILL "-$1"; [ -z "$2" ] || rm -rf "$2"'
_STOP_SECONDS = 10


def is_gone(pid: int) -> bool:
    """Whether this process has ended; one that only waits for its parent to notice has."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


class ServerProcess:
    """One process with its own process group, its output in a file, on a leash.

    The leash is a shell that reads a pipe which only pytest holds open: when pytest dies, even by SIGKILL,
    the pipe ends and the shell kills the server's group. It needs nothing of Linux and nothing of the server.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        folder_of_its_own: Path | None = None,
    ) -> None:
        """Start the command; what it prints is appended to ``log``; ``environment`` adds to our own.

        ``folder_of_its_own`` is deleted when pytest dies before it could do so.
        """
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
            )
        self._leash = subprocess.Popen(
            ["sh", "-c", _LEASH, "leash", str(self._process.pid), str(folder_of_its_own or "")],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """The process's id, which is also that of its group."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative for the signal that ended it."""
        return self._process.poll()

    @property
    def output(self) -> str:
        """Everything it has printed so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def begin_to_stop(self) -> None:
        """SIGTERM, and do not wait: several that end at once take no longer than one. ``stop()`` does the rest."""
        if self._process.poll() is None:
            self._process.terminate()

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal to the process alone, not to its group."""
        self._process.send_signal(number)

    def wait(self, *, seconds: float = _STOP_SECONDS) -> int:
        """Wait for it to end by itself and return its exit code; AssertionError when it does not in time."""
        try:
            exit_code = self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {seconds} seconds:\n{self.output}") from None
        self._unleash()
        return exit_code

    def kill(self) -> None:
        """SIGKILL the whole group at once, as a power cut would."""
        self.signal_group(signal.SIGKILL)
        self._process.wait()
        self._unleash()

    def stop(self) -> None:
        """SIGTERM, and SIGKILL to the group when that is not enough; nothing if it has ended."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.signal_group(signal.SIGKILL)
                self._process.wait()
        self._unleash()

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to the process and to all that it started; nothing if they have ended."""
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            return

    def _unleash(self) -> None:
        self._leash.kill()
        self._leash.wait()
        if self._leash.stdin is not None:
            self._leash.stdin.close()
