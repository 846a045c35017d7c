"""A baseline: Flask that answers a purchase in JSON and keeps nothing, on Granian as the shop runs on it."""

import os

from flask import Flask, Response, jsonify, request
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from backend import settings


def create_app() -> Flask:
    """An app with one call."""
    app = Flask(__name__)

    @app.post("/send")
    def send() -> Response:
        assert request.json is not None
        return jsonify(message="판매완료")

    @app.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok")

    return app


def main() -> None:
    """Serve it with the workers and threads that the shop has."""
    configured = settings.load()
    Granian(
        "tests.bench.no_database:create_app",
        factory=True,
        address="127.0.0.1",
        port=int(os.environ["BENCH_PORT"]),
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=configured.backend_workers,
        blocking_threads=configured.backend_threads,
        log_level=LogLevels.error,
        log_access=False,
    ).serve()


if __name__ == "__main__":
    main()
