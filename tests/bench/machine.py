"""The machine that the numbers are of."""

import os
import platform
import re
import sqlite3
import subprocess
import time
from pathlib import Path

import psutil

from tests.bench.figures import percentile
from tests.bench.records import Record

_PAGE = b"x" * 4096
_SYNCS = 500
_SUMS = 20


def describe_machine(folder: Path) -> Record:
    """Cores, processor, versions; how long the disk takes to keep a page in ``folder``, and Python to add up."""
    words = (
        _processor(),
        f"{platform.system()} {platform.release().partition('-')[0]}",
        _file_system(folder),
        f"{platform.python_implementation()} {platform.python_version()}",
        f"MariaDB {_version('mariadbd', '--version')}",
        f"SQLite {sqlite3.sqlite_version}",
        f"wrk {_version('wrk', '--version')}",
        f"Node {_version('node', '--version')}",
    )
    syncs = _time_syncs(folder / "syncs")
    return Record(
        part="machine",
        numbers={
            "cores": psutil.cpu_count() or 0,
            "memory_gb": psutil.virtual_memory().total / 1024**3,
            "fdatasync_p50_ms": percentile(syncs, 50),
            "fdatasync_p99_ms": percentile(syncs, 99),
            "python_sum_ms": _time_python(),
        },
        note=", ".join(words),
    )


def _time_syncs(file: Path) -> list[float]:
    """Milliseconds of each of many writes of a page, as a database's log makes them."""
    times = []
    with file.open("wb", buffering=0) as log:
        log.write(_PAGE * _SYNCS)
        os.fsync(log.fileno())
        for number in range(_SYNCS):
            os.pwrite(log.fileno(), _PAGE, number * len(_PAGE))
            began = time.perf_counter()
            os.fdatasync(log.fileno())
            times.append((time.perf_counter() - began) * 1000)
    file.unlink()
    return times


def _time_python() -> float:
    """Milliseconds that this interpreter takes to add up a million numbers, on a good day of many."""

    def add_up() -> float:
        began, total = time.perf_counter(), 0
        for number in range(1_000_000):
            total += number
        return (time.perf_counter() - began) * 1000

    return min(add_up() for _ in range(_SUMS))


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _file_system(folder: Path) -> str:
    holding = [one for one in psutil.disk_partitions(all=True) if folder.is_relative_to(one.mountpoint)]
    return max(holding, key=lambda one: len(one.mountpoint)).fstype


def _version(*command: str) -> str:
    path = os.environ.get("PATH", "") + ":/usr/sbin"
    said = subprocess.run(command, capture_output=True, text=True, check=False, env={"PATH": path})
    found = re.search(r"\d+(\.\d+)+", said.stdout + said.stderr)
    return found.group() if found else "of unknown version"
