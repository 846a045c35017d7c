"""What operators do with products: add, change, restock, adjust, take back, import."""

from flask import Response
from flask_openapi.blueprint import APIBlueprint

from backend.domain.movement import Kind, Movement
from backend.entrypoints import schemas
from backend.entrypoints.blueprints.products import TAG, UNKNOWN, ProductPath
from backend.entrypoints.csv_files import CSV_BODY, parse_movements, parse_products, read_body
from backend.entrypoints.current import current_parts
from backend.entrypoints.operators import SECURITY, current_operator, keyed_operator, require_operator
from backend.entrypoints.purchasing import IDEMPOTENCY_KEY_PARAMETER
from backend.entrypoints.responses import (
    BAD_BODY,
    UNAUTHORIZED,
    UNAVAILABLE,
    Answers,
    json_response,
    problem,
)
from backend.entrypoints.views import product_view, replenishment_view
from backend.services import clock
from backend.services.adjust import adjust
from backend.services.csv_import import import_movements, import_products
from backend.services.products import NewProduct, create_product, update_product
from backend.services.report import get_product_report
from backend.services.restock import restock

OPERATOR: Answers = {**UNAUTHORIZED, **BAD_BODY, "503": UNAVAILABLE}
IMPORTED: Answers = {
    "200": schemas.ImportedView,
    **UNAUTHORIZED,
    "413": problem("the file is longer than 8 MiB"),
    "415": problem("the body is not text/csv"),
    "422": problem("a line is wrong: `errors` names each, and nothing was imported"),
    "503": UNAVAILABLE,
}

blueprint = APIBlueprint("product_work", __name__, url_prefix="/api", abp_tags=[TAG], abp_security=SECURITY)
blueprint.before_request(require_operator)


@blueprint.post(
    "/products",
    summary="상품 추가 · Add a product",
    responses={"201": schemas.ProductView, "409": problem("the sku is taken"), **OPERATOR},
)
def add_product(body: schemas.NewProductBody) -> Response:
    """Add a product with its opening stock."""
    parts = current_parts()
    create_product(
        database=parts.database,
        added=NewProduct(**body.model_dump()),
        operator=current_operator(),
        shop=parts.shop,
        clock=clock.now,
    )
    return _show_product(body.sku, 201)


@blueprint.patch(
    "/products/<sku>",
    summary="상품 변경 · Change a product",
    responses={"200": schemas.ProductView, **UNKNOWN, **OPERATOR},
)
def change_product(path: ProductPath, body: schemas.ProductChanges) -> Response:
    """Change what is named; archive instead of deleting."""
    parts = current_parts()
    update_product(
        database=parts.database,
        sku=path.sku,
        changes=body.model_dump(exclude_unset=True),
        operator=current_operator(),
        shop=parts.shop,
        clock=clock.now,
    )
    return _show_product(path.sku, 200)


@blueprint.post(
    "/products/<sku>/restock",
    summary="보충 주문 · Restock",
    responses={"200": schemas.ReplenishmentView, "201": schemas.ReplenishmentView, **UNKNOWN, **OPERATOR},
    openapi_extensions=IDEMPOTENCY_KEY_PARAMETER,
)
def restock_product(path: ProductPath, body: schemas.RestockBody) -> Response:
    """Order from the factory: 201 a new replenishment, 200 the one that is open already."""
    parts = current_parts()
    answer = restock(
        database=parts.database,
        sku=path.sku,
        quantity=body.quantity,
        operator=keyed_operator(body.quantity),
        shop=parts.shop,
        clock=clock.now,
    )
    return json_response(replenishment_view(answer.replenishment), 201 if answer.created else 200)


@blueprint.post(
    "/products/<sku>/adjustments",
    summary="재고 조정 · Adjust stock",
    responses={
        "201": schemas.MovementView,
        "409": problem("the shelf would fall below 0, or hold too much"),
        **UNKNOWN,
        **OPERATOR,
    },
    openapi_extensions=IDEMPOTENCY_KEY_PARAMETER,
)
def adjust_stock(path: ProductPath, body: schemas.AdjustmentBody) -> Response:
    """Correct the stock by what was counted, with the reason."""
    return _moved(path.sku, quantity=body.quantity, kind=Kind.ADJUSTMENT, reason=body.reason)


@blueprint.post(
    "/products/<sku>/returns",
    summary="반품 · Take back",
    responses={
        "201": schemas.MovementView,
        "409": problem("the shelf would hold too much"),
        **UNKNOWN,
        **OPERATOR,
    },
    openapi_extensions=IDEMPOTENCY_KEY_PARAMETER,
)
def return_stock(path: ProductPath, body: schemas.ReturnBody) -> Response:
    """Put back on the shelf what a customer returned."""
    return _moved(path.sku, quantity=body.quantity, kind=Kind.RETURN, reason=body.reason)


@blueprint.post(
    "/products/import",
    summary="상품 가져오기 · Import products",
    responses=IMPORTED,
    request_body=CSV_BODY,
)
def import_product_file() -> Response:
    """Add and change products from a CSV file of 2,000 lines at most, all of it or nothing.

    The columns are those of an export; ``on_hand`` is the opening stock of new products. What the file has no
    column for stays as it is.
    """
    parts = current_parts()
    count = import_products(
        database=parts.database,
        lines=parse_products(read_body()),
        operator=current_operator(),
        shop=parts.shop,
        clock=clock.now,
    )
    return json_response(schemas.ImportedView(imported=count))


@blueprint.post(
    "/movements/import",
    summary="원장 가져오기 · Import movements",
    responses=IMPORTED,
    openapi_extensions=IDEMPOTENCY_KEY_PARAMETER,
    request_body=CSV_BODY,
)
def import_movement_file() -> Response:
    """Write adjustments and returns from a CSV file of 2,000 lines at most, all of it or nothing.

    Columns: ``sku``, ``quantity``, ``kind`` (adjustment or return), ``reason``.
    """
    parts = current_parts()
    file = read_body()
    count = import_movements(
        database=parts.database,
        lines=parse_movements(file),
        operator=keyed_operator(file),
        shop=parts.shop,
        clock=clock.now,
    )
    return json_response(schemas.ImportedView(imported=count))


def _moved(sku: str, *, quantity: int, kind: Kind, reason: str | None) -> Response:
    parts = current_parts()
    movement: Movement = adjust(
        database=parts.database,
        sku=sku,
        quantity=quantity,
        kind=kind,
        reason=reason,
        operator=keyed_operator(quantity, reason),
        shop=parts.shop,
        clock=clock.now,
    )
    return json_response(schemas.MovementView.model_validate(movement), 201)


def _show_product(sku: str, status: int) -> Response:
    report = get_product_report(database=current_parts().database, sku=sku, clock=clock.now)
    return json_response(product_view(report), status)
