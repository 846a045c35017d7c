"""Streamlit's page, told where it is: without being told it looks for its server below every page's path first."""

from functools import cache
from pathlib import Path

import streamlit
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard import pictures
from dashboard.texts import LANGUAGES, say

INDEX = Path(streamlit.__file__).parent / "static" / "index.html"
WHERE_IT_IS = (
    "<script>window.__streamlit = "
    '{BACKEND_BASE_URL: location.origin + "/", MAIN_PAGE_BASE_URL: location.origin + "/"};</script>'
)


def index_routes(*pages: str) -> list[Route]:
    """Routes of these pages of the dashboard, in the language that the URL asks for."""
    return [Route(path, _index) for path in ("/", *(f"/{page}" for page in pages))]


def _index(request: Request) -> Response:
    language = request.query_params.get("lang")
    html = _html(language if language in LANGUAGES else LANGUAGES[0])
    return Response(html, media_type="text/html", headers={"Cache-Control": "no-cache"})


@cache
def _html(language: str) -> str:
    html = INDEX.read_text(encoding="utf-8")
    spoken = LANGUAGES[LANGUAGES.index(language)]
    html = html.replace('<html lang="en"', f'<html lang="{spoken}"', 1)
    html = html.replace("<title>Streamlit</title>", f"<title>{say('shop_name', spoken)}</title>", 1)
    html = html.replace("./favicon.png", pictures.logo(), 1)
    return html.replace("<head>", f"<head>{WHERE_IT_IS}", 1)
