"""What an order is, in the partners' own field names. They occur in this module and nowhere else."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

CALLBACK_URL = "CallbackUrl"
LARGEST_QUANTITY = 999_999

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DIGITS = re.compile(r"[1-9][0-9]{0,5}")


def _printable(value: str) -> str:
    if _CONTROL.search(value):
        raise ValueError("must not contain control characters")
    return value


def _trimmed(value: str) -> str:
    if value != value.strip():
        raise ValueError("must not begin or end with a space")
    return value


def _digits_as_number(value: Any) -> Any:
    """Read a count that was sent as text, as the published document allows; judge nothing else."""
    return int(value) if isinstance(value, str) and _DIGITS.fullmatch(value) else value


Text = Annotated[str, AfterValidator(_printable), AfterValidator(_trimmed)]
Identifier = Annotated[Text, StringConstraints(min_length=1, max_length=64)]
OptionalText = Annotated[Text, StringConstraints(max_length=128)]


class OrderForm(BaseModel):
    """An order as it arrived, strictly read: an unknown field is refused, since it may be a misspelt one."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)

    group: OptionalText = Field("", alias="MessageGroupId")
    sku: Identifier = Field(alias="MessageAttributeProductId")
    quantity: Annotated[int, BeforeValidator(_digits_as_number), Field(ge=1, le=LARGEST_QUANTITY)] = Field(
        alias="MessageAttributeProductCnt"
    )
    factory_id: Identifier = Field(alias="MessageAttributeFactoryId")
    requester: OptionalText = Field("", alias="MessageAttributeRequester")
    telephone: OptionalText = Field("", alias="MessageAttributeTel")
    callback_url: Annotated[str, StringConstraints(min_length=1, max_length=2048)] = Field(alias=CALLBACK_URL)

    def identity(self) -> dict[str, object]:
        """Return what makes it this order: everything but the signature, which may be renewed."""
        return {**self.model_dump(), "callback_url": self.callback_url.partition("?")[0]}

    def as_sent_back(self, *, quantity: int) -> dict[str, object]:
        """Return the fields of the callback: those that arrived, with the count of this delivery."""
        fields = self.model_dump(by_alias=True, exclude_unset=True)
        return {**fields, "MessageAttributeProductCnt": quantity}

    def redacted_callback_url(self) -> str:
        """Return the CallbackUrl without its signature, fit to be shown and logged."""
        address, query, _ = self.callback_url.partition("?")
        return f"{address}?redacted" if query else address
