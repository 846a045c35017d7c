"""``/openapi.json``, and the same for people at ``/docs``: ReDoc, served from an installed package."""

from importlib.resources import files

from flask import Blueprint, Response, current_app, redirect, send_from_directory, url_for
from werkzeug.wrappers import Response as BaseResponse

from backend.entrypoints.current import current_parts

PAGE = """<!DOCTYPE html>
<html lang="ko">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>FactoAuto API</title>
<link rel="icon" href="{here}/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="{here}/page.css">
<script src="{here}/stay_home.js"></script>
<script type="module" src="{here}/page.js"></script>
</head>
<body>
<div id="redoc" data-document="{document}"></div>
<noscript>JavaScript가 필요합니다 · This page needs JavaScript: <a href="{document}">openapi.json</a></noscript>
</body>
</html>
"""
SCRIPT = """import { init } from "./assets/js/redoc.standalone.js";
const page = document.getElementById("redoc");
init(page.dataset.document, { disableTelemetry: true, hideSchemaPattern: true }, page);
"""
STAY_HOME = """// Nothing on this page may leave the machine. ReDoc draws its maker's logo from a CDN; the page's
// Content-Security-Policy would block it, and complain in the console. So the picture is not asked for at all.
const picture = HTMLImageElement.prototype;
const { setAttribute } = Element.prototype;
const source = Object.getOwnPropertyDescriptor(picture, "src");
function leavesTheMachine(address) {
  const { protocol, host } = new URL(address, document.baseURI);
  return protocol.startsWith("http") && host !== location.host;
}
picture.setAttribute = function (name, value) {
  if (name !== "src" || !leavesTheMachine(value)) setAttribute.call(this, name, value);
};
Object.defineProperty(picture, "src", {
  ...source,
  set(address) { if (!leavesTheMachine(address)) source.set.call(this, address); },
});
"""
STYLE = """body { margin: 0 }
/* The selector outranks ReDoc's own, whose rules are written later, as the page is drawn. */
html:root, html:root body {
  --font-family-base: "Pretendard", "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", sans-serif;
  --heading-font-family: var(--font-family-base);
  --h1-font-size: 28px; --h1-line-height: 36px; --h2-font-size: 22px; --h2-line-height: 30px;
}
/* Korean breaks between words, not inside them. */
h1, h2, h3, p, td, li { word-break: keep-all; overflow-wrap: anywhere }
/* ReDoc's link to its maker, without its logo. */
span:has(> a[href="https://redocly.com/redoc/"]) { visibility: hidden !important }
"""
ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<circle cx="16" cy="16" r="10" fill="none" stroke="#C2255C" stroke-width="9"/></svg>
"""
PARTS = {
    "page.js": (SCRIPT, "text/javascript"),
    "stay_home.js": (STAY_HOME, "text/javascript"),
    "page.css": (STYLE, "text/css"),
    "icon.svg": (ICON, "image/svg+xml"),
}
ASSETS = str(files("flask_openapi_redoc") / "templates" / "redoc")
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors {frame_ancestors}"
)

blueprint = Blueprint("docs", __name__)


@blueprint.get("/openapi.json")
def document() -> Response:
    """The OpenAPI document."""
    return Response(current_app.json.dumps(current_app.api_doc), mimetype="application/json")  # type: ignore[attr-defined]


@blueprint.get("/")
def root() -> BaseResponse:
    """The way to the page."""
    return redirect(url_for("docs.page"))


@blueprint.get("/docs", strict_slashes=False)
def page() -> Response:
    """ReDoc."""
    text = PAGE.format(here=url_for("docs.page"), document=url_for("docs.document"))
    response = Response(text, mimetype="text/html")
    ancestors = " ".join(current_parts().settings.frame_ancestors)
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.format(frame_ancestors=ancestors)
    return response


@blueprint.get(f"/docs/<any({', '.join(repr(name) for name in PARTS)}):name>")
def part(name: str) -> Response:
    """What the page is made of, beside ReDoc."""
    text, media_type = PARTS[name]
    return Response(text, mimetype=media_type)


@blueprint.get("/docs/assets/<path:name>")
def asset(name: str) -> Response:
    """ReDoc's own files."""
    return send_from_directory(ASSETS, name)
