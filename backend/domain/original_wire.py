"""The wire formats of the original, and the only place that knows their names.

Requests and the factory's messages use the original's keys; everything else in this code says ``sku``,
``factory_id`` and ``quantity``.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeGuard

MESSAGE_GROUP_ID = "MessageGroupId"
PRODUCT_ID = "MessageAttributeProductId"
PRODUCT_COUNT = "MessageAttributeProductCnt"
FACTORY_ID = "MessageAttributeFactoryId"
REQUESTER = "MessageAttributeRequester"
REQUESTER_TEL = "MessageAttributeTel"
CALLBACK_URL = "CallbackUrl"

SNS_PRODUCT_ID = "ProductId"
SNS_FACTORY_ID = "FactoryId"
SNS_REPLENISHMENT_ID = "ReplenishmentId"

ARRIVAL_GROUP = "stock-arrival-group"

SOLD = "판매완료"
OUT_OF_STOCK = "재고부족, 제품 생산 요청!"
RECEIVED = "입고완료"
DEFAULT_MESSAGE = "재고 부족"


class MalformedMessage(Exception):
    """A message of the queue that is not what the topic sends."""


@dataclass(frozen=True, slots=True)
class StockEmpty:
    """What a message of the queue says: this product is short, this order is to be placed."""

    sku: str
    replenishment_id: str | None


def stock_empty_body(*, message: str, at: datetime) -> str:
    """The text of the SNS message."""
    return f"{message} \n \n This was sent: {at.isoformat()}"


def stock_empty_attributes(*, sku: str, factory_id: str, replenishment_id: str) -> dict[str, str]:
    """The SNS message's attributes: the original's, and ours."""
    return {
        SNS_PRODUCT_ID: sku,
        SNS_FACTORY_ID: factory_id,
        SNS_REPLENISHMENT_ID: replenishment_id,
    }


def read_stock_empty(body: str) -> StockEmpty:
    """What the SNS envelope in a queue message's body says.

    Raises:
        MalformedMessage: it is not an SNS envelope with a product id.
    """
    try:
        envelope = json.loads(body)
        attributes = {name: value["Value"] for name, value in envelope["MessageAttributes"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise MalformedMessage(f"not an SNS envelope with MessageAttributes: {type(error).__name__}") from error
    sku = attributes.get(SNS_PRODUCT_ID)
    replenishment_id = attributes.get(SNS_REPLENISHMENT_ID)
    if not _is_id(sku, longest=64):
        raise MalformedMessage(f"{SNS_PRODUCT_ID} is missing or not a product id")
    if replenishment_id is not None and not _is_id(replenishment_id, longest=36):
        raise MalformedMessage(f"{SNS_REPLENISHMENT_ID} is not a replenishment's id")
    return StockEmpty(sku=sku, replenishment_id=replenishment_id)


def _is_id(value: object, *, longest: int) -> TypeGuard[str]:
    """Whether it can be looked up: a database cannot be asked for half a character."""
    return isinstance(value, str) and 1 <= len(value) <= longest and value.isprintable()


def factory_order(
    *, sku: str, quantity: int, factory_id: str, requester: str, requester_tel: str, callback_url: str
) -> dict[str, Any]:
    """The order that the factory's ``POST /api/manufactures`` takes. ``quantity`` is units."""
    return {
        MESSAGE_GROUP_ID: ARRIVAL_GROUP,
        PRODUCT_ID: sku,
        PRODUCT_COUNT: quantity,
        FACTORY_ID: factory_id,
        REQUESTER: requester,
        REQUESTER_TEL: requester_tel,
        CALLBACK_URL: callback_url,
    }
