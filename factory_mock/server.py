"""Running the factory: one worker on Granian, which has the order book."""

from __future__ import annotations

import multiprocessing
import multiprocessing.util
import os
import socket
import threading
from functools import partial

from flask import Flask
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from factory_mock.app import create_app
from factory_mock.callback_hosts import CallbackHosts
from factory_mock.docs_routes import check_documents
from factory_mock.factory import Factory
from factory_mock.logs import configure_logs, log_configuration
from factory_mock.order_book import OrderBook
from factory_mock.order_file import OrderFile
from factory_mock.settings import Settings

THREADS = 16  # twice as many as the simulator may keep waiting, so that its switches stay within reach
HEADERS_MILLISECONDS = 10_000  # how long a connection may take over the headers of its next request
HEADERS_BYTES = 32 * 1024


class PortInUse(Exception):
    """The address cannot be listened on; the message is one line that names it and says why."""


def serve(settings: Settings) -> None:
    """Serve until told to stop by SIGTERM or SIGINT. Raises PortInUse, DocumentMissing."""
    check_documents()
    _check_port(settings.host, settings.factory_port)
    configure_logs(settings.log_level)
    Server(
        "factory_mock",
        address=settings.host,
        port=settings.factory_port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        workers_kill_timeout=1,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_MILLISECONDS, max_buffer_size=HEADERS_BYTES),
        websockets=False,
        log_level=LogLevels.error,
        log_dictconfig=log_configuration(settings.log_level),
    ).serve(target_loader=partial(build_application, settings), wrap_loader=False)


def build_application(settings: Settings) -> Flask:
    """Return the application of the worker process, its factory at work. Runs in that process."""
    configure_logs(settings.log_level)
    _end_with_parent()
    file = OrderFile(settings.factory_order_file) if settings.factory_order_file else None
    factory = Factory(
        lead_time_seconds=settings.lead_time_seconds,
        hosts=CallbackHosts(settings.callback_hosts),
        book=OrderBook(file=file),
    )
    factory.start()
    multiprocessing.util.Finalize(factory, factory.stop, exitpriority=10)
    return create_app(factory, settings)


def _check_port(host: str, port: int) -> None:
    """Refuse a port that is taken. Granian would share it with whoever has it (SO_REUSEPORT)."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortInUse(f"cannot listen on {host} port {port}: {os.strerror(error.errno or 0)}") from None


def _end_with_parent() -> None:
    """End this process at once when its parent does: killed, that would leave it serving, and in the way."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()
