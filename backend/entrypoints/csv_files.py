"""CSV in and out: UTF-8, a header line, all of a file or nothing."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, TypeVar

from flask import Response, request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from backend.domain.movement import Kind
from backend.entrypoints import schemas
from backend.services.csv_import import ImportedProduct, ImportRefused, Line, NewMovementLine

MEDIA_TYPE = "text/csv"
LARGEST_FILE = 8 * 1024 * 1024
MOST_LINES = 20_000
CSV_BODY: dict[str, Any] = {
    "required": True,
    "content": {MEDIA_TYPE: {"schema": {"type": "string", "maxLength": LARGEST_FILE}}},
}

Row = TypeVar("Row", bound=BaseModel)
Empty = BeforeValidator(lambda text: None if text == "" else text)


class ProductRow(BaseModel):
    """A line of a products file; the same columns as an export has."""

    model_config = ConfigDict(extra="ignore")

    sku: schemas.Sku
    name: schemas.Line
    name_en: schemas.Line
    price: schemas.Price
    factory_id: schemas.FactoryId
    on_hand: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    reorder_point: Annotated[schemas.ReorderPoint, Empty] = None
    lot_size: schemas.Units = 10
    archived: bool = False


class MovementRow(BaseModel):
    """A line of a movements file: an adjustment or a return."""

    model_config = ConfigDict(extra="ignore")

    sku: schemas.Sku
    quantity: Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
    kind: Kind
    reason: Annotated[str, Field(min_length=1, max_length=200, pattern=schemas.NO_CONTROL_CHARACTERS)]


def wants_csv() -> bool:
    """Whether the request asks for CSV rather than JSON."""
    return request.accept_mimetypes.best_match(["application/json", MEDIA_TYPE]) == MEDIA_TYPE


def csv_response(rows: Iterable[Mapping[str, Any]], *, name: str) -> Response:
    """Rows as a file, sent as it is read."""
    response = Response(write_csv(rows), mimetype=MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def read_products() -> list[Line[ImportedProduct]]:
    """The request's products file.

    Raises:
        ImportRefused: it names each wrong line.
    """
    return parse_products(_read_body())


def read_movements() -> list[Line[NewMovementLine]]:
    """The request's movements file.

    Raises:
        ImportRefused: it names each wrong line.
    """
    return parse_movements(_read_body())


def parse_products(text: str) -> list[Line[ImportedProduct]]:
    """The lines of a products file.

    Raises:
        ImportRefused: it names each wrong line.
    """
    return [
        Line(number=number, value=ImportedProduct(**row.model_dump())) for number, row in _parse(text, ProductRow)
    ]


def parse_movements(text: str) -> list[Line[NewMovementLine]]:
    """The lines of a movements file.

    Raises:
        ImportRefused: it names each wrong line.
    """
    return [
        Line(number=number, value=NewMovementLine(**row.model_dump())) for number, row in _parse(text, MovementRow)
    ]


def _parse(text: str, kind: type[Row]) -> list[tuple[int, Row]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, Row]] = []
    errors: list[tuple[int, str]] = []
    try:
        for fields in reader:
            if len(rows) >= MOST_LINES:
                raise ImportRefused([(reader.line_num, f"more than {MOST_LINES} lines")])
            try:
                rows.append((reader.line_num, kind.model_validate(_named(fields))))
            except ValidationError as error:
                errors += [(reader.line_num, _explain(one)) for one in error.errors()]
    except csv.Error as error:
        errors.append((reader.line_num, str(error)))
    if errors or not rows:
        raise ImportRefused(errors or [(1, "there are no lines below the header")])
    return rows


def _read_body() -> str:
    if request.mimetype != MEDIA_TYPE:
        raise UnsupportedMediaType(f"the body must be {MEDIA_TYPE}")
    request.max_content_length = LARGEST_FILE
    try:
        return request.get_data().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportRefused([(1, "the file is not UTF-8")]) from error


def _named(fields: dict[str | Any, str | Any]) -> dict[str, str]:
    """Columns with a name and a value; a short line lacks its last ones."""
    return {name: value for name, value in fields.items() if isinstance(name, str) and value is not None}


def _explain(problem: Any) -> str:
    return f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}"


def write_csv(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """CSV text of rows, row by row, with a header."""
    buffer = io.StringIO(newline="")
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(buffer, fieldnames=list(row), lineterminator="\r\n")
            writer.writeheader()
        writer.writerow(row)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
