"""The published document, as it is and as a page, with nothing fetched from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import orjson
import yaml
from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

DOCUMENT = Path(__file__).parent / "openapi.yaml"
EXAMPLE_URL = b"http://127.0.0.1:8001"
"""The factory, in the document's first curl."""


class DocumentMissing(Exception):
    """The published document or the page that shows it is not installed; the message names it."""


def docs_routes(*, port: int, frame_ancestors: Sequence[str]) -> Blueprint:
    """Return the routes of the document and its page, which these origins may show in a frame.

    The first curl is one to copy: it names the ``port`` that the factory listens on.

    Raises DocumentMissing.
    """
    as_yaml, as_json = (
        document.replace(EXAMPLE_URL, b"http://127.0.0.1:%d" % port)
        for document in (_published_document(), _document_as_json())
    )
    bundle = _redoc_bundle()
    policy = _content_security_policy(frame_ancestors)
    routes = Blueprint("docs", __name__, static_folder="static", static_url_path="/docs/static")

    @routes.get("/")
    def root() -> WerkzeugResponse:
        return redirect(url_for("docs.page"))

    @routes.get("/openapi.json")
    def openapi_json() -> Response:
        return Response(as_json, content_type="application/json")

    @routes.get("/openapi.yaml")
    def openapi_yaml() -> Response:
        return Response(as_yaml, content_type="application/yaml")

    @routes.get("/docs", strict_slashes=False)
    def page() -> Response:
        return Response(render_template("docs.html"), headers={"Content-Security-Policy": policy})

    @routes.get("/docs/redoc.standalone.js")
    def redoc_bundle() -> WerkzeugResponse:
        response = Response(bundle, content_type="text/javascript; charset=utf-8")
        response.cache_control.no_cache = True  # keep it, but ask whether it is still the one
        response.add_etag()
        return response.make_conditional(request)

    return routes


def check_documents() -> None:
    """Raise DocumentMissing unless everything that is to be published is there."""
    _published_document()
    _redoc_bundle()


def _published_document() -> bytes:
    return _read(DOCUMENT)


@cache
def _document_as_json() -> bytes:
    return orjson.dumps(yaml.safe_load(_published_document()))


@cache
def _redoc_bundle() -> bytes:
    """Return the ReDoc bundle. Its package is not imported, or it would load a framework."""
    package = find_spec("flask_openapi_redoc")
    if package is None or package.origin is None:
        raise DocumentMissing("the package flask-openapi-redoc is not installed")
    return _read(Path(package.origin).parent / "templates" / "redoc" / "js" / "redoc.standalone.js")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DocumentMissing(f"a part of the published document is missing: {path}") from error


def _content_security_policy(frame_ancestors: Sequence[str]) -> str:
    """Return a policy that lets the page reach this server and nothing else.

    Styles may be inline, since ReDoc writes them as it goes; scripts may not.
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "base-uri 'none'",
            "form-action 'none'",
            f"frame-ancestors {' '.join(frame_ancestors)}",
        )
    )
