"""buildah, podman and podman-compose with everything they keep in one folder, which is deleted in the end."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
_STORAGE = """\
[storage]
driver = "overlay"
graphroot = "{folder}/graph"
runroot = "{folder}/run"
"""
# runc with cgroupfs: crun and systemd's cgroups are not to be had inside of a container.
_CONTAINERS = """\
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[network]
network_backend = "netavark"
network_config_dir = "{folder}/networks"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
tmp_dir = "{folder}/tmp"
"""


class CommandFailed(AssertionError):
    """A command ended with another status than 0, or not in time; the text has the end of what it said."""


@dataclass(frozen=True)
class Engine:
    """Everything that is made lies in ``folder``."""

    folder: Path

    @classmethod
    def start(cls, *, folder: Path) -> "Engine":
        """Prepare the folder, with podman-compose and hadolint in a virtual environment of their own."""
        engine = cls(folder=folder)
        for name, text in (("storage.conf", _STORAGE), ("containers.conf", _CONTAINERS)):
            (folder / name).write_text(text.format(folder=folder), encoding="utf-8")
        engine.run(sys.executable, "-m", "venv", str(folder / "tools"), seconds=120)
        requirements = str(HERE / "requirements.txt")
        pip = (str(folder / "tools" / "bin" / "python"), "-m", "pip", "install", "--quiet", "--require-hashes")
        engine.run(*pip, "--requirement", requirements, seconds=300)
        return engine

    def run(self, *command: str, seconds: float, environment: Mapping[str, str] | None = None) -> str:
        """What the command printed on its standard output.

        Raises:
            CommandFailed: see there.
        """
        status, output, said = self.attempt(*command, seconds=seconds, environment=environment)
        if status:
            raise CommandFailed(f"{' '.join(command)}\nended with {status}:\n{output[-2000:]}\n{said[-4000:]}")
        return output

    def attempt(
        self, *command: str, seconds: float, environment: Mapping[str, str] | None = None
    ) -> tuple[int, str, str]:
        """Status, standard output and standard error of a command that may fail.

        Raises:
            CommandFailed: it was still running after so many seconds; it and what it started are ended.
        """
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self._environment() | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            output, said = process.communicate(timeout=seconds)
        except BaseException as error:  # also a test's own time limit, and Ctrl-C
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            output, said = process.communicate()
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            raise CommandFailed(f"{' '.join(command)}\nran {seconds} s:\n{output}\n{said}") from None
        return process.returncode, output, said

    def podman(self, *words: str, seconds: float = 60) -> str:
        """What ``podman`` answers."""
        return self.run("podman", *words, seconds=seconds).strip()

    def build(self, *, tag: str, context: Path, options: Sequence[str] = (), seconds: float = 900) -> None:
        """Build an image on what is here: nothing is pulled."""
        # buildah drops HEALTHCHECK from the OCI format.
        fixed = ("--format", "docker", "--layers", "--isolation", "chroot", "--network", "host", "--pull-never")
        self.run("buildah", "build", "--quiet", *fixed, "--tag", tag, *options, str(context), seconds=seconds)

    def stop(self) -> None:
        """End every container that is left, and delete everything."""
        self.attempt("podman", "rm", "--all", "--force", "--volumes", "--time", "1", seconds=120)
        self.attempt("podman", "network", "prune", "--force", seconds=60)
        for mount in reversed(_mounts_below(self.folder)):
            self.attempt("umount", "--lazy", mount, seconds=10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _environment(self) -> dict[str, str]:
        return os.environ | {
            "PATH": f"{self.folder / 'tools' / 'bin'}:{os.environ['PATH']}:/usr/sbin:/sbin",
            "CONTAINERS_STORAGE_CONF": str(self.folder / "storage.conf"),
            "CONTAINERS_CONF": str(self.folder / "containers.conf"),
            "TMPDIR": str(self.folder),
        }


def _mounts_below(folder: Path) -> list[str]:
    lines = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    return [mount for mount in (line.split()[1] for line in lines) if mount.startswith(f"{folder}/")]
