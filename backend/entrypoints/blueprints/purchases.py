"""Purchases, as today's clients make them."""

from typing import Annotated

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag
from pydantic import BaseModel, Field

from backend.domain import original_wire
from backend.domain.replenishment import printed_number
from backend.domain.sale import Outcome
from backend.entrypoints.current import current_parts
from backend.entrypoints.problems import OutOfStockProblem, field_problem, problem_response
from backend.entrypoints.purchasing import IDEMPOTENCY_KEY_PARAMETER, buy
from backend.entrypoints.responses import (
    BAD_BODY,
    BAD_PARAMETER,
    UNAVAILABLE,
    json_response,
    problem,
    problem_of,
)
from backend.entrypoints.schemas import PurchaseBody, PurchaseView
from backend.entrypoints.views import purchase_view
from backend.services.purchase import PurchaseAnswer
from backend.services.report import get_purchase

blueprint = APIBlueprint(
    "purchases",
    __name__,
    url_prefix="/api/purchases",
    abp_tags=[Tag(name="purchases", description="구매 · purchases")],
)


class PurchasePath(BaseModel):
    """Which purchase."""

    purchase_id: Annotated[str, Field(min_length=36, max_length=36, pattern=r"^[0-9a-f-]{36}$")]


@blueprint.post(
    "",
    summary="구매 · Buy",
    responses={
        "201": PurchaseView,
        "404": problem("there is no such product"),
        "409": problem_of(OutOfStockProblem, "out of stock: names the order that brings more"),
        **BAD_BODY,
        "503": UNAVAILABLE,
    },
    openapi_extensions=IDEMPOTENCY_KEY_PARAMETER,
)
def create_purchase(body: PurchaseBody) -> Response:
    """Sell, or order from the factory what is lacking."""
    most = current_parts().settings.max_purchase_quantity
    if body.quantity > most:
        return field_problem(field="quantity", detail=f"must be at most {most}")
    answer = buy(sku=body.sku, quantity=body.quantity)
    if answer.purchase.outcome is Outcome.SOLD:
        return json_response(purchase_view(answer.purchase), 201)
    return _out_of_stock(answer)


@blueprint.get(
    "/<purchase_id>",
    summary="구매 조회 · What became of a purchase",
    responses={
        "200": PurchaseView,
        "404": problem("there is no such purchase"),
        **BAD_PARAMETER,
        "503": UNAVAILABLE,
    },
)
def show_purchase(path: PurchasePath) -> Response:
    """Show what became of a purchase, sold or refused."""
    found = get_purchase(database=current_parts().database, purchase_id=path.purchase_id)
    return json_response(purchase_view(found))


def _out_of_stock(answer: PurchaseAnswer) -> Response:
    order = answer.replenishment
    return problem_response(
        status=409,
        kind="out-of-stock",
        title=original_wire.OUT_OF_STOCK,
        detail=f"{answer.purchase.quantity} units of {answer.purchase.sku} are not in stock",
        purchase_id=answer.purchase.id,
        sku=answer.purchase.sku,
        quantity=answer.purchase.quantity,
        replenishment_id=answer.purchase.replenishment_id,
        replenishment_number=printed_number(order.number) if order else None,
        expected_at=order.expected_at if order else None,
    )
