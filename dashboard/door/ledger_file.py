"""The ledger of a product as a file: at an address of its own, which no rerun of a page takes away."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard.client import client
from dashboard.texts import LANGUAGES, say

BYTE_ORDER_MARK = "\ufeff"
"""A spreadsheet takes UTF-8 for what it is only after this."""


def ledger_address(sku: str, *, language: str) -> str:
    """Where the file is; what goes wrong is told in this language."""
    return f"/ledger/{quote(sku, safe='')}.csv?lang={language}"


def _ledger_file(request: Request) -> Response:
    sku: str = request.path_params["sku"]
    asked = request.query_params.get("lang")
    language = next((one for one in LANGUAGES if one == asked), LANGUAGES[0])
    answer = client().text(f"/api/products/{quote(sku, safe='')}/movements", accept="text/csv")
    if not answer.ok:
        missing = answer.status == 404
        text = say("ledger_unknown" if missing else "ledger_out_of_reach", language)
        return PlainTextResponse(f"{text}\n", status_code=404 if missing else 502)
    return Response(
        BYTE_ORDER_MARK + str(answer.data),
        media_type="text/csv",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(sku, safe='')}.csv",
            "Cache-Control": "no-store",
        },
    )


ROUTE = Route("/ledger/{sku}.csv", _ledger_file)
