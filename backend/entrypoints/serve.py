"""The backend as a server process: the Flask app on Granian. ``python -m backend.entrypoints.serve``."""

import gc
import multiprocessing
import signal
import socket
import threading
import time
from typing import TYPE_CHECKING

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from werkzeug.middleware.proxy_fix import ProxyFix

from backend import settings
from backend.entrypoints.slow_bodies import SpareThreads

if TYPE_CHECKING:
    from flask import Flask

_PORT_FREE_SECONDS = 3
_PORT_PAUSE_SECONDS = 0.1
_WORKER_STOP_SECONDS = 8
_BOTH_SERVE_SECONDS = 15
"""SIGHUP starts new workers, on settings and secrets read anew; how long the old ones serve on beside them."""
_HEADERS_MILLISECONDS = 10_000
"""How long a connection may take over the headers of its next request; one that sends nothing is closed then."""
_HEADERS_BYTES = 32 * 1024


def main() -> None:
    """Serve until SIGTERM or SIGINT, which let the requests under way finish; SIGHUP reads the settings anew.

    Raises:
        SystemExit: another process listens on the port.
    """
    configured = settings.load()
    _await_free_port(host=configured.host, port=configured.backend_port)
    server = Granian(
        "backend.entrypoints.app:create_app",
        address=configured.host,
        port=configured.backend_port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADERS_MILLISECONDS, max_buffer_size=_HEADERS_BYTES),
        websockets=False,
        workers=configured.backend_workers,
        blocking_threads=configured.backend_threads,
        respawn_failed_workers=True,
        respawn_interval=_BOTH_SERVE_SECONDS,
        workers_kill_timeout=_WORKER_STOP_SECONDS,
        log_level=LogLevels.error,  # it warns of more threads than cores, which mostly wait for the database
        log_access=False,  # a line for each purchase would cost what selling it does
    )
    server.serve(target_loader=load_app, wrap_loader=False)


def load_app() -> "Flask":
    """Make the app, in a worker process, which from now on ends with the process that started it."""
    _end_with_parent()
    from backend.entrypoints.app import create_app

    app, configured = create_app(), settings.load()
    trust_proxies(app, proxies=configured.proxies)
    app.wsgi_app = SpareThreads(app.wsgi_app, threads=configured.backend_threads)  # type: ignore[method-assign]
    # What start-up made stays: without this each full collection walks all of it again, a quarter of the time.
    gc.collect()
    gc.freeze()
    return app


def trust_proxies(app: "Flask", *, proxies: int) -> None:
    """Believe as many reverse proxies about who is calling: wrong tokens are counted by caller."""
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies)  # type: ignore[method-assign]


def _end_with_parent() -> None:
    # Granian's workers outlive a master that is killed, and share the port with the next one.
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait_and_end() -> None:
        parent.join()
        signal.raise_signal(signal.SIGKILL)

    threading.Thread(target=wait_and_end, name="parent-watch", daemon=True).start()


def _await_free_port(*, host: str, port: int) -> None:
    # Granian sets SO_REUSEPORT: it would share a port in use and get every other request. A predecessor that
    # was killed takes a moment to go.
    deadline = time.monotonic() + _PORT_FREE_SECONDS
    while _is_listening(host=host, port=port):
        if time.monotonic() > deadline:
            raise SystemExit(f"port {port} on {host} is in use: free it, or set FACTOAUTO_BACKEND_PORT")
        time.sleep(_PORT_PAUSE_SECONDS)


def _is_listening(*, host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


if __name__ == "__main__":
    main()
