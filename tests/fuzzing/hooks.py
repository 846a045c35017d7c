"""Loaded by Schemathesis: lets the callbacks that it makes up be signed, for orders that there are."""

import os
from pathlib import Path
from typing import Any

import schemathesis
import urllib3

from backend.domain import signature

CALLBACK = "/callbacks/replenishments/{replenishment_id}"


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case[Any], _kwargs: dict[str, Any]) -> None:
    """Sign a callback that is as the document says: unsigned, each would be turned away at the door."""
    if case.path != CALLBACK or case.meta is None:
        return
    if case.meta.generation.mode is schemathesis.GenerationMode.POSITIVE and (order := _open_order()):
        secret = Path(os.environ["FACTOAUTO_FUZZED_SECRETS"]).read_text(encoding="utf-8").strip()
        case.path_parameters = {"replenishment_id": order}
        case.query = {"signature": signature.sign(replenishment_id=order, secrets=[secret])}


def _open_order() -> str | None:
    url = f"{os.environ['FACTOAUTO_FUZZED_URL']}/api/replenishments?open=true&limit=1"
    orders = urllib3.request("GET", url, retries=False).json()["replenishments"]
    return str(orders[0]["id"]) if orders else None
