"""``/openapi.json``, and the same for people at ``/docs``: ReDoc, served from an installed package."""

from importlib.resources import files

from flask import Blueprint, Response, current_app, send_from_directory

PAGE = """<!DOCTYPE html>
<html lang="ko">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>FactoAuto API</title>
<link rel="stylesheet" href="docs/page.css">
</head>
<body><div id="redoc"></div><script type="module" src="docs/page.js"></script></body>
</html>
"""
SCRIPT = """import {init} from "./assets/js/redoc.standalone.js";
init("../openapi.json", {disableTelemetry: true}, document.getElementById("redoc"));
"""
STYLE = """body { margin: 0 } a[href*="redocly.com"] { display: none }
"""
ASSETS = str(files("flask_openapi_redoc") / "templates" / "redoc")
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self' http://127.0.0.1:* http://localhost:*"
)

blueprint = Blueprint("docs", __name__)


@blueprint.get("/openapi.json")
def document() -> Response:
    """The OpenAPI document."""
    return Response(current_app.json.dumps(current_app.api_doc), mimetype="application/json")  # type: ignore[attr-defined]


@blueprint.get("/docs")
def page() -> Response:
    """ReDoc."""
    response = Response(PAGE, mimetype="text/html")
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    return response


@blueprint.get("/docs/page.js")
def script() -> Response:
    """What starts ReDoc."""
    return Response(SCRIPT, mimetype="text/javascript")


@blueprint.get("/docs/page.css")
def style() -> Response:
    """What hides the logo that would be fetched from elsewhere."""
    return Response(STYLE, mimetype="text/css")


@blueprint.get("/docs/assets/<path:name>")
def asset(name: str) -> Response:
    """ReDoc's own files."""
    return send_from_directory(ASSETS, name)
