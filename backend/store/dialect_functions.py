"""The function on time that SQLite and MySQL spell differently."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from backend.store.column_types import UtcDateTime


class seconds_between(FunctionElement[int]):  # noqa: N801 (a SQL function)
    """Whole seconds from one time to another."""

    type = Integer()
    inherit_cache = True

    def __init__(self, begin: datetime | ColumnElement[datetime], end: ColumnElement[Any]) -> None:
        super().__init__(literal(begin, UtcDateTime) if isinstance(begin, datetime) else begin, end)


@compiles(seconds_between)
def _seconds_between_on_mysql(element: seconds_between, compiler: SQLCompiler, **options: Any) -> str:
    begin, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"TIMESTAMPDIFF(SECOND, {begin}, {end})"


@compiles(seconds_between, "sqlite")
def _seconds_between_on_sqlite(element: seconds_between, compiler: SQLCompiler, **options: Any) -> str:
    begin, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(CAST(strftime('%s', {end}) AS INTEGER) - CAST(strftime('%s', {begin}) AS INTEGER))"
