"""A local AWS for a laptop, kept in memory: SNS and SQS, by moto.

Run as ``python -m backend.entrypoints.local_aws``. It makes the topic and the queues itself as soon as it
serves, so that one that was restarted has them again: ``GET /ready`` answers 200 from then on. What it
held is lost with it; the sweep publishes that again.
"""

import logging
import re
import signal
import sys
import threading
from collections.abc import Iterable
from types import FrameType
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from moto.moto_server import werkzeug_app
from moto.moto_server.werkzeug_app import MotoRequestHandler, create_backend_app
from werkzeug.exceptions import Forbidden
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.wrappers import Response

from backend import settings
from backend.bootstrap import init_aws
from backend.entrypoints.local_aws_gaps import client_connection, close_gaps
from backend.settings import Settings

_SIGNED_FOR = re.compile(r"Credential=[^/]*/[^/]*/[^/]*/(?P<service>[a-z0-9-]+)/aws4_request")


class LocalAws:
    """The WSGI application: hands each request to the service that it is signed for."""

    def __init__(self) -> None:
        # Without this any web page open in a browser here could publish to the topic.
        werkzeug_app.DISABLE_GLOBAL_CORS = True  # type: ignore[attr-defined]
        close_gaps()
        self.ready = threading.Event()
        self._services = {"sns": create_backend_app("sns"), "sqs": create_backend_app("sqs")}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if environ["PATH_INFO"] == "/ready":
            return Response(status=200 if self.ready.is_set() else 503)(environ, start_response)
        signed = _SIGNED_FOR.search(environ.get("HTTP_AUTHORIZATION", ""))
        service = self._services.get(signed["service"]) if signed else None
        if service is None:
            refusal = Forbidden("the local AWS answers signed requests to SNS and SQS only")
            return refusal(environ, start_response)
        client_connection.set(environ.get("werkzeug.socket"))
        return service(environ, start_response)


class _QuietRequestHandler(MotoRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        """Say nothing of requests; say what went wrong."""
        if type == "error":
            super().log(type, message, *args)


def make_local_aws_server(*, host: str, port: int) -> tuple[LocalAws, BaseWSGIServer]:
    """The application and a server that listens for it; ``serve_forever()`` is the caller's."""
    application = LocalAws()
    server = make_server(host, port, application, threaded=True, request_handler=_QuietRequestHandler)
    return application, server


def main() -> None:
    """Serve until a signal ends the process, at once: there is nothing to save."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end_at_once)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    configured = settings.load()
    application, server = make_local_aws_server(host=configured.host, port=configured.aws_port)
    threading.Thread(target=_make_topology, args=(application, server, configured), daemon=True).start()
    server.serve_forever()
    if not application.ready.is_set():
        raise SystemExit(1)


def _end_at_once(number: int, _frame: FrameType | None) -> None:
    # The default action spares us the seconds in which Python takes everything apart.
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)
    sys.exit(0)  # only the first process of a container comes here: it is spared the default action


def _make_topology(application: LocalAws, server: BaseWSGIServer, configured: Settings) -> None:
    # Whatever the environment points at, this may only ever be made here.
    here = f"http://{configured.host}:{configured.aws_port}"
    try:
        init_aws(configured.model_copy(update={"aws_endpoint_url": here}))
        application.ready.set()
    except Exception:
        logging.exception("topic and queues could not be made: the local AWS ends, to be started again")
        server.shutdown()


if __name__ == "__main__":
    main()
