"""Cursors: where a list goes on, opaque to the caller."""

import base64
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import orjson
from flask import abort
from pydantic import Field, TypeAdapter, ValidationError

from backend.entrypoints.problems import field_problem

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")

Cursor = Annotated[
    str,
    Field(max_length=500, pattern=r"^[A-Za-z0-9_-]+$", description="next_cursor of the page before"),
]


def write_cursor(position: "DataclassInstance") -> str:
    """A position as text: base64url of JSON."""
    return base64.urlsafe_b64encode(orjson.dumps(asdict(position))).decode().rstrip("=")


def read_cursor(kind: type[T], text: str) -> T:
    """The position that a cursor stands for; one that we did not write is answered 422."""
    try:
        decoded = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return TypeAdapter(kind).validate_python(_object(decoded))
    except (ValueError, TypeError, ValidationError):
        abort(field_problem(field="cursor", detail="must be the next_cursor of a page before"))


def _object(decoded: bytes) -> dict[str, Any]:
    value = orjson.loads(decoded)
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return value
