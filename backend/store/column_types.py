"""Column types that mean the same on SQLite and on MySQL."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, String
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeDecorator, TypeEngine

MYSQL_FAMILY = ("mysql", "mariadb")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC, to the microsecond: aware in Python, without a zone in the database."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """DATETIME(6) on MySQL, whose plain DATETIME drops the fraction."""
        return dialect.type_descriptor(mysql.DATETIME(fsp=6) if dialect.name in MYSQL_FAMILY else DateTime())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware to plain UTC."""
        return value.astimezone(UTC).replace(tzinfo=None) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Plain UTC to aware."""
        return value.replace(tzinfo=UTC) if value is not None else None


def key(length: int) -> TypeEngine[str]:
    """Text compared byte by byte: MySQL's default collation takes ``cp-1`` for ``CP-1``."""
    binary = mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin")
    return String(length).with_variant(binary, *MYSQL_FAMILY)


LONG = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite counts up only a column that is declared INTEGER."""
