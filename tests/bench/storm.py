"""One storm over HTTP, by wrk."""

import json
import os
import subprocess
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_name("storm.lua")
_REPORT = "BENCH "


@dataclass(frozen=True, kw_only=True)
class Storm:
    """What wrk saw of a storm. ``answered`` are all answers, those that were an error among them."""

    connections: int
    seconds: float
    answered: int
    refused: int
    broken: int
    slow: int
    p50_ms: float
    p99_ms: float
    longest_ms: float

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return self.answered / self.seconds


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a storm goes, and what each request says: the bodies, one after the other."""

    url: str
    bodies: Sequence[str]
    with_keys: bool = False


def run_storm(target: Target, *, connections: int, seconds: int, folder: Path) -> Storm:
    """Send requests over so many connections, each as soon as the one before is answered."""
    bodies = folder / "bodies"
    bodies.write_text("\n".join(target.bodies), encoding="utf-8")
    finished = subprocess.run(
        [
            "wrk",
            "--threads=1",  # one fills a core only far beyond what two cores serve
            f"--connections={connections}",
            f"--duration={seconds}s",
            f"--script={SCRIPT}",
            target.url,
        ],
        env={
            **os.environ,
            "BENCH_BODIES": str(bodies),
            "BENCH_KEYS": str(int(target.with_keys)),
            "BENCH_RUN": uuid.uuid4().hex,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode != 0:
        raise RuntimeError(f"wrk: {finished.stdout}{finished.stderr}")
    return read_report(finished.stdout, connections=connections)


def read_report(output: str, *, connections: int) -> Storm:
    """What ``storm.lua`` said at the end.

    Raises:
        ValueError: it said nothing.
    """
    lines = [line for line in output.splitlines() if line.startswith(_REPORT)]
    if not lines:
        raise ValueError(f"wrk did not report: {output}")
    said: dict[str, Any] = json.loads(lines[-1].removeprefix(_REPORT))
    return Storm(
        connections=connections,
        seconds=said["microseconds"] / 1e6,
        answered=said["answered"],
        refused=said["refused"],
        broken=said["broken"],
        slow=said["slow"],
        p50_ms=said["p50_us"] / 1000,
        p99_ms=said["p99_us"] / 1000,
        longest_ms=said["longest_us"] / 1000,
    )
