"""The factory's delivery. Who has not been handed the address is turned away before the body is looked at."""

import re
from typing import Annotated

from flask import Response, abort, request
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag
from pydantic import BaseModel, Field

from backend.domain import original_wire, signature
from backend.domain.delivery import THE_ONLY_DELIVERY
from backend.entrypoints.api_document import PARAMETERS
from backend.entrypoints.current import current_parts
from backend.entrypoints.problems import field_problem, problem_response
from backend.entrypoints.responses import BAD_BODY, UNAVAILABLE, json_response, problem
from backend.entrypoints.schemas import DeliveryBody, MessageView
from backend.services import clock
from backend.services.receive import Arrival, receive

TAG = Tag(name="callbacks", description="공장의 콜백 · the factory's callback")
DELIVERY_HEADERS = ("webhook-id", "Idempotency-Key")
DELIVERY_NAME = re.compile(r"[\x21-\x7e]{1,128}")

SIGNATURE_AND_NAME = {
    PARAMETERS: [
        {
            "name": "signature",
            "in": "query",
            "required": True,
            "description": "as in the CallbackUrl that the order carried",
            "schema": {"type": "string"},
        },
        *(
            {
                "name": header,
                "in": "header",
                "required": False,
                "description": "names the delivery; one without a name is the only one and closes the order",
                "schema": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": r"^[\x21-\x7e]+$"},
            }
            for header in DELIVERY_HEADERS
        ),
    ]
}

blueprint = APIBlueprint("callbacks", __name__, url_prefix="/callbacks", abp_tags=[TAG])


class CallbackPath(BaseModel):
    """Which replenishment."""

    replenishment_id: Annotated[str, Field(min_length=1, max_length=64)]


@blueprint.before_request
def require_signature() -> Response | None:
    """Answer 401 unless the address is one that we signed."""
    replenishment_id = str((request.view_args or {}).get("replenishment_id", ""))
    if signature.is_valid(
        signature=request.args.get("signature", ""),
        replenishment_id=replenishment_id,
        secrets=current_parts().settings.callback_secrets,
    ):
        return None
    return problem_response(
        status=401,
        kind="invalid-signature",
        title="Invalid signature",
        detail="use the CallbackUrl of the order as it was given",
    )


@blueprint.post(
    "/replenishments/<replenishment_id>",
    summary="입고 · Deliver",
    responses={
        "200": MessageView,
        "401": problem("the signature is missing or wrong"),
        "404": problem("there is no such replenishment"),
        "409": problem("the replenishment is closed: the delivery is noted, the stock unchanged"),
        **BAD_BODY,
        "503": UNAVAILABLE,
    },
    openapi_extensions=SIGNATURE_AND_NAME,
)
def deliver(path: CallbackPath, body: DeliveryBody) -> Response:
    """Put what the factory delivers on the shelf, once however often it calls."""
    parts = current_parts()
    arrival = Arrival(
        replenishment_id=path.replenishment_id,
        delivery_id=_read_delivery_id(),
        quantity=body.quantity,
        sku=body.sku,
        factory_id=body.factory_id,
    )
    receive(database=parts.database, arrival=arrival, shop=parts.shop, clock=clock.now)
    return json_response(MessageView(message=original_wire.RECEIVED))


def _read_delivery_id() -> str:
    for header in DELIVERY_HEADERS:
        name = request.headers.get(header)
        if name is not None:
            if not DELIVERY_NAME.fullmatch(name):
                abort(field_problem(field=header, detail="must be 1 to 128 visible ASCII characters"))
            return name
    return THE_ONLY_DELIVERY
