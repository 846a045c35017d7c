"""What a query may hold: text, read as strictly as the members of a body."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, Field

WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
FIRST_YEAR, LAST_YEAR = 1970, 9998
"""Beyond them neither Python nor the databases can reckon with every offset."""
_SCHEMAS: dict[type[BaseModel], dict[str, Any]] = {}


class Query(BaseModel):
    """The parameters of a call; those that it does not know are ignored."""

    @classmethod
    def model_json_schema(cls, *arguments: Any, **named: Any) -> dict[str, Any]:
        """The schema, made once: the library asks for it at every request."""
        if arguments or named:
            return super().model_json_schema(*arguments, **named)
        if cls not in _SCHEMAS:
            _SCHEMAS[cls] = super().model_json_schema()
        return _SCHEMAS[cls]


def whole_number(text: str) -> str:
    """The text, which must be a whole number in plain digits.

    Raises:
        ValueError: it is not.
    """
    if not WHOLE_NUMBER.fullmatch(text):
        raise ValueError("must be a whole number")
    return text


def flag(text: str) -> bool:
    """What ``true`` or ``false`` mean.

    Raises:
        ValueError: it is something else.
    """
    if text not in ("true", "false"):
        raise ValueError("must be true or false")
    return text == "true"


def _rfc3339(text: str) -> str:
    if not MOMENT.fullmatch(text):
        raise ValueError("must be an RFC 3339 time such as 2026-03-01T21:00:00+09:00 (a + is %2B in a URL)")
    return text


def _utc(moment: datetime) -> datetime:
    try:
        in_utc = moment.astimezone(UTC)
    except OverflowError:
        in_utc = datetime.min.replace(tzinfo=UTC)
    if not FIRST_YEAR <= in_utc.year <= LAST_YEAR:
        raise ValueError(f"must lie in the years {FIRST_YEAR} to {LAST_YEAR}")
    return in_utc


Number = Annotated[int, BeforeValidator(whole_number)]
Flag = Annotated[bool, BeforeValidator(flag)]
Moment = Annotated[AwareDatetime, BeforeValidator(_rfc3339), AfterValidator(_utc)]
PageLength = Annotated[Number, Field(ge=1, le=200, description="the most entries of a page")]
RowCursor = Annotated[Number, Field(ge=1, le=2**63 - 1, description="next_cursor of the page before")]
