"""The original's calls, to the letter."""

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag

from backend.domain import original_wire
from backend.domain.sale import Outcome
from backend.entrypoints.purchasing import IDEMPOTENCY_KEY_PARAMETER, buy
from backend.entrypoints.responses import BAD_BODY, UNAVAILABLE, json_response, problem
from backend.entrypoints.schemas import MessageView, SendBody, StatusView

blueprint = APIBlueprint(
    "original",
    __name__,
    abp_tags=[Tag(name="original", description="원래의 호출 · the calls of the original")],
)


@blueprint.post(
    "/send",
    summary="구매 · Buy one unit",
    responses={
        "200": MessageView,
        **BAD_BODY,
        "404": problem("there is no such product"),
        "503": UNAVAILABLE,
    },
    openapi_extensions=IDEMPOTENCY_KEY_PARAMETER,
)
def send(body: SendBody) -> Response:
    """Sell one unit, or ask the factory for more."""
    answer = buy(sku=body.sku, quantity=1, factory_id=body.factory_id, subject=body.subject, message=body.message)
    sold = answer.purchase.outcome is Outcome.SOLD
    return json_response(MessageView(message=original_wire.SOLD if sold else original_wire.OUT_OF_STOCK))


@blueprint.get("/status", summary="살아 있음 · Alive", responses={"200": StatusView})
def status() -> Response:
    """Say that the process serves."""
    return json_response(StatusView(status="ok"))
