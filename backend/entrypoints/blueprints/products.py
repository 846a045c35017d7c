"""Products and their shelves: what anybody may read, and what operators may do."""

from typing import Annotated

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag
from pydantic import BaseModel, Field

from backend.entrypoints.current import current_parts
from backend.entrypoints.operators import SECURITY, current_actor, require_operator
from backend.entrypoints.responses import (
    BAD_BODY,
    BAD_PARAMETER,
    UNAUTHORIZED,
    UNAVAILABLE,
    Answers,
    json_response,
    problem,
)
from backend.entrypoints.schemas import (
    ProductPage,
    ProductView,
    ReplenishmentView,
    RestockBody,
    Sku,
)
from backend.entrypoints.views import product_view, replenishment_view
from backend.services import clock
from backend.services.report import get_product_report, list_product_reports
from backend.services.restock import restock

TAG = Tag(name="products", description="상품과 재고 · products and their shelves")
UNKNOWN: Answers = {"404": problem("there is no such product")}

blueprint = APIBlueprint("products", __name__, url_prefix="/api/products", abp_tags=[TAG])
operator_blueprint = APIBlueprint(
    "operator_products", __name__, url_prefix="/api/products", abp_tags=[TAG], abp_security=SECURITY
)
operator_blueprint.before_request(require_operator)


class ProductPath(BaseModel):
    """Which product."""

    sku: Sku


class ProductQuery(BaseModel):
    """Which page."""

    cursor: Annotated[Sku | None, Field(description="next_cursor of the page before")] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


@blueprint.get(
    "", summary="상품 목록 · Products", responses={"200": ProductPage, **BAD_PARAMETER, "503": UNAVAILABLE}
)
def list_products(query: ProductQuery) -> Response:
    """List products in order of sku, with stock, orders under way and sales rate."""
    parts = current_parts()
    found = list_product_reports(
        database=parts.database, after=query.cursor or "", limit=query.limit + 1, clock=clock.now
    )
    page = found[: query.limit]
    return json_response(
        ProductPage(
            products=[product_view(one) for one in page],
            next_cursor=page[-1].product.sku if len(found) > query.limit else None,
        )
    )


@blueprint.get(
    "/<sku>",
    summary="상품 · One product",
    responses={"200": ProductView, **UNKNOWN, **BAD_PARAMETER, "503": UNAVAILABLE},
)
def get_product(path: ProductPath) -> Response:
    """Show one product."""
    report = get_product_report(database=current_parts().database, sku=path.sku, clock=clock.now)
    return json_response(product_view(report))


@operator_blueprint.post(
    "/<sku>/restock",
    summary="보충 주문 · Restock",
    responses={
        "200": ReplenishmentView,
        "201": ReplenishmentView,
        **UNAUTHORIZED,
        **UNKNOWN,
        **BAD_BODY,
        "503": UNAVAILABLE,
    },
)
def restock_product(path: ProductPath, body: RestockBody) -> Response:
    """Order from the factory: 201 a new replenishment, 200 the one that is open already."""
    parts = current_parts()
    answer = restock(
        database=parts.database,
        sku=path.sku,
        quantity=body.quantity,
        actor=current_actor(),
        shop=parts.shop,
        clock=clock.now,
    )
    return json_response(replenishment_view(answer.replenishment), 201 if answer.created else 200)
