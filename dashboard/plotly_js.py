"""Plotly's JavaScript, from the installed package: no other machine is asked for it."""

import gzip
from functools import cache
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

SECONDS_TO_KEEP = 86_400


@cache
def _script() -> bytes:
    return (files("plotly") / "package_data" / "plotly.min.js").read_bytes()


@cache
def _compressed_script() -> bytes:
    return gzip.compress(_script(), compresslevel=6)


def plotly_js(request: Request) -> Response:
    """The script, compressed for whoever takes it so."""
    headers = {"Cache-Control": f"private, max-age={SECONDS_TO_KEEP}", "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(_compressed_script(), media_type="text/javascript", headers=headers)
    return Response(_script(), media_type="text/javascript", headers=headers)


ROUTE = Route("/assets/plotly.min.js", plotly_js)
