"""Ports for servers of tests."""

import itertools
import os
import random
import socket
from collections.abc import Iterator

# Below the ports that systems lend to whoever connects (Linux from 32,768 on, others from 49,152 on): a server
# that is killed finds its port free when it starts again.
_ALL = range(12_000, 32_000)


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on, and that nobody else of this run is given.

    Workers of pytest-xdist share the ports out among themselves; where each begins is chance, so that another
    run on the same machine rarely tries the same ones.
    """
    return next(port for port in _mine if _is_free(port))


def is_listening(*, port: int) -> bool:
    """Whether somebody accepts connections on this port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _ports_of_this_worker() -> Iterator[int]:
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    mine = _ALL[number::workers]
    first = random.randrange(len(mine))
    return itertools.cycle([*mine[first:], *mine[:first]])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what only waits for its end is free
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


_mine = _ports_of_this_worker()
