"""The programs' end, should ``up`` itself be killed."""

import contextlib
import subprocess

# The last line that arrived names every process group alive. The pipe ends with the process that writes it.
_SCRIPT = "while read -r groups; do latest=$groups; done; for group in $latest; do kill -KILL $group; done"


class Leash:
    """A shell that outlives this process by a moment, and kills the groups it was last told of.

    A process cannot act on its own SIGKILL, so another must. It hears of the end through a pipe: it needs no
    polling, nothing of Linux, and nothing of the programs.
    """

    def __init__(self) -> None:
        self._groups: set[int] = set()
        self._shell = subprocess.Popen(  # noqa: S603 - nothing of it comes from outside
            ["/bin/sh", "-c", _SCRIPT],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # or Ctrl-C would end it first
        )

    def add(self, group: int) -> None:
        """Kill this process group too."""
        self._groups.add(group)
        self._tell()

    def remove(self, group: int) -> None:
        """Forget a process group that has ended."""
        self._groups.discard(group)
        self._tell()

    def close(self) -> None:
        """End the leash; it kills what is left."""
        if self._shell.stdin is not None:
            with contextlib.suppress(OSError):
                self._shell.stdin.close()
        self._shell.wait()

    def _tell(self) -> None:
        if self._shell.stdin is None:
            return
        line = " ".join(f"-{group}" for group in sorted(self._groups))
        with contextlib.suppress(OSError):  # the leash itself was killed: the programs must not suffer from it
            self._shell.stdin.write(f"{line}\n".encode())
            self._shell.stdin.flush()
