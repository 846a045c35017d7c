"""Cursors: where a list goes on, opaque to the caller."""

import base64
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, TypeVar

import orjson
from flask import abort
from pydantic import BaseModel, Field

from backend.entrypoints.problems import field_problem

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Position = TypeVar("Position", bound=BaseModel)

Cursor = Annotated[
    str,
    Field(max_length=500, pattern=r"^[A-Za-z0-9_-]+$", description="next_cursor of the page before"),
]


def write_cursor(position: "DataclassInstance") -> str:
    """A position as text: base64url of JSON."""
    return base64.urlsafe_b64encode(orjson.dumps(asdict(position))).decode().rstrip("=")


def read_cursor(kind: type[Position], text: str) -> Position:
    """The position that a cursor stands for; one that we did not write is answered 422."""
    try:
        return kind.model_validate_json(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:  # pydantic's ValidationError is one
        abort(field_problem(field="cursor", detail="must be the next_cursor of a page before"))
