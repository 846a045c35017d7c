"""CSV in and out: UTF-8, a header line, all of a file or nothing."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, TypeVar

from flask import Response, request
from pydantic import ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from backend.entrypoints.csv_rows import CsvRow, MovementRow, ProductRow
from backend.entrypoints.json_requests import whole_body
from backend.services.csv_import import ImportedProduct, ImportRefused, Line, NewMovementLine

MEDIA_TYPE = "text/csv"
LARGEST_FILE = 8 * 1024 * 1024
MOST_LINES = 2_000
"""A file is one transaction: on SQLite nobody sells meanwhile, and each line takes 1.5 ms."""
PIECE = 64 * 1024
"""Characters that are sent at a time."""
CSV_BODY: dict[str, Any] = {
    "required": True,
    "content": {MEDIA_TYPE: {"schema": {"type": "string", "maxLength": LARGEST_FILE}}},
}

Row = TypeVar("Row", bound=CsvRow)


def wants_csv() -> bool:
    """Whether the request asks for CSV rather than JSON."""
    return request.accept_mimetypes.best_match(["application/json", MEDIA_TYPE]) == MEDIA_TYPE


def csv_response(rows: Iterable[Sequence[object]], *, name: str) -> Response:
    """Rows as a file, sent as it is read.

    Raises:
        DatabaseUnavailable: the first rows could not be read. What is lost later ends the file in its midst.
    """
    pieces = write_csv(rows)
    response = Response(chain([next(pieces)], pieces), mimetype=MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def read_body() -> str:
    """The request's file.

    Raises:
        UnsupportedMediaType: it is not said to be CSV.
        RequestEntityTooLarge: it is longer than 8 MiB.
        ImportRefused: it is not UTF-8.
    """
    if request.mimetype != MEDIA_TYPE:
        raise UnsupportedMediaType(f"the body must be {MEDIA_TYPE}")
    request.max_content_length = LARGEST_FILE
    try:
        return whole_body(request).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportRefused([(1, "the file is not UTF-8")]) from error


def parse_products(text: str) -> list[Line[ImportedProduct]]:
    """The lines of a products file.

    Raises:
        ImportRefused: it names each wrong line.
    """
    return [
        Line(number=number, value=ImportedProduct(**row.model_dump(), given=frozenset(row.model_fields_set)))
        for number, row in _parse(text, ProductRow)
    ]


def parse_movements(text: str) -> list[Line[NewMovementLine]]:
    """The lines of a movements file.

    Raises:
        ImportRefused: it names each wrong line.
    """
    return [
        Line(number=number, value=NewMovementLine(**row.model_dump())) for number, row in _parse(text, MovementRow)
    ]


def write_csv(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """CSV text of rows, the first of which names the columns; a piece at a time, one at least."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in rows:
        writer.writerow(row)
        if buffer.tell() >= PIECE:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _parse(text: str, kind: type[Row]) -> list[tuple[int, Row]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, Row]] = []
    errors: list[tuple[int, str]] = []
    try:
        columns = next(reader, [])
        if wrong := kind.explain_columns(columns):
            raise ImportRefused([(1, wrong)])
        for values in filter(None, reader):  # an empty line is none
            if len(rows) >= MOST_LINES:
                raise ImportRefused([(reader.line_num, f"more than {MOST_LINES} lines")])
            try:
                rows.append((reader.line_num, _read_row(kind, columns, values)))
            except ValidationError as error:
                errors += [(reader.line_num, _explain(one)) for one in error.errors()]
            except ValueError as error:
                errors.append((reader.line_num, str(error)))
    except csv.Error as error:
        errors.append((reader.line_num, str(error)))
    if errors or not rows:
        raise ImportRefused(errors or [(1, "there are no lines below the header")])
    return rows


def _read_row(kind: type[Row], columns: list[str], values: list[str]) -> Row:
    if len(values) != len(columns):
        raise ValueError(f"{len(values)} values for {len(columns)} columns")
    named = dict(zip(columns, values, strict=True))
    return kind.model_validate({name: value for name, value in named.items() if name not in kind.ignored})


def _explain(problem: Any) -> str:
    said = problem["msg"].removeprefix("Value error, ")
    return f"{'.'.join(str(part) for part in problem['loc'])}: {said}"
