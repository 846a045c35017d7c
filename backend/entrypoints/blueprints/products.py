"""Products and their shelves: what anybody may read."""

from typing import Annotated

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag
from pydantic import BaseModel, Field

from backend.entrypoints import schemas
from backend.entrypoints.csv_files import csv_response, wants_csv
from backend.entrypoints.current import current_parts
from backend.entrypoints.queries import PageLength, Query, RowCursor
from backend.entrypoints.responses import (
    BAD_PARAMETER,
    UNAVAILABLE,
    Answers,
    json_or_csv,
    json_response,
    problem,
)
from backend.entrypoints.views import product_view
from backend.services import clock
from backend.services.csv_export import export_movements, export_products
from backend.services.report import get_product_report, list_movements, list_product_reports

TAG = Tag(name="products", description="상품과 재고 · products and their shelves")
UNKNOWN: Answers = {"404": problem("there is no such product")}

blueprint = APIBlueprint("products", __name__, url_prefix="/api/products", abp_tags=[TAG])


class ProductPath(BaseModel):
    """Which product."""

    sku: schemas.Sku


class ProductQuery(Query):
    """Which page."""

    cursor: Annotated[schemas.Sku, Field(description="next_cursor of the page before")] = schemas.LEFT_OUT
    limit: PageLength = 50


class MovementQuery(Query):
    """Which page."""

    cursor: RowCursor = schemas.LEFT_OUT
    limit: PageLength = 50


@blueprint.get(
    "",
    summary="상품 목록 · Products",
    description="With `Accept: text/csv`: every product, archived ones too, as a file that can be imported.",
    responses={"200": json_or_csv(schemas.ProductPage), **BAD_PARAMETER, "503": UNAVAILABLE},
)
def list_products(query: ProductQuery) -> Response:
    """List products in order of sku, with stock, orders under way and sales rate."""
    database = current_parts().database
    if wants_csv():
        return csv_response(export_products(database=database), name="products.csv")
    found = list_product_reports(
        database=database, after=query.cursor or "", limit=query.limit + 1, clock=clock.now
    )
    page = found[: query.limit]
    return json_response(
        schemas.ProductPage(
            products=[product_view(one) for one in page],
            next_cursor=page[-1].product.sku if len(found) > query.limit else None,
        )
    )


@blueprint.get(
    "/<sku>",
    summary="상품 · One product",
    responses={"200": schemas.ProductView, **UNKNOWN, **BAD_PARAMETER, "503": UNAVAILABLE},
)
def get_product(path: ProductPath) -> Response:
    """Show one product."""
    report = get_product_report(database=current_parts().database, sku=path.sku, clock=clock.now)
    return json_response(product_view(report))


@blueprint.get(
    "/<sku>/movements",
    summary="원장 · The ledger",
    description="With `Accept: text/csv`: every line, newest first.",
    responses={"200": json_or_csv(schemas.MovementPage), **UNKNOWN, **BAD_PARAMETER, "503": UNAVAILABLE},
)
def movements(path: ProductPath, query: MovementQuery) -> Response:
    """List every change of a product's stock, newest first."""
    database = current_parts().database
    found = list_movements(database=database, sku=path.sku, before=query.cursor, limit=query.limit + 1)
    if wants_csv():
        return csv_response(export_movements(database=database, sku=path.sku), name=f"{path.sku}.csv")
    page = found[: query.limit]
    return json_response(
        schemas.MovementPage(
            movements=[schemas.MovementView.model_validate(one) for one in page],
            next_cursor=str(page[-1].id) if len(found) > query.limit else None,
        )
    )
