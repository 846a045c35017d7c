"""Processor time: what a purchase costs, whoever else uses the machine."""

import resource
from collections.abc import Mapping

import psutil


class ProcessorTime:
    """What processes with their children, and the clients that we start and wait for, use from now on.

    Args:
        pids: processes by the name under which they are reported.
    """

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._pids = pids
        self._before = self._seconds()

    def of_each(self, purchases: int) -> dict[str, float]:
        """Microseconds for each purchase, as ``<name>_cpu_us``; ``client_cpu_us`` for the load tool."""
        now = self._seconds()
        return {
            f"{name}_cpu_us": (now[name] - self._before[name]) / max(1, purchases) * 1e6 for name in self._before
        }

    def _seconds(self) -> dict[str, float]:
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = {name: _seconds_of(psutil.Process(pid)) for name, pid in self._pids.items()}
        return used | {"client": children.ru_utime + children.ru_stime}


def _seconds_of(process: psutil.Process) -> float:
    return sum(sum(one.cpu_times()[:2]) for one in (process, *process.children(recursive=True)))
