"""What the API takes and gives, as its document shows it."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from backend.domain import original_wire
from backend.domain.movement import Kind
from backend.domain.replenishment import Status
from backend.domain.sale import Outcome

NO_CONTROL_CHARACTERS = r"^[^\x00-\x1f\x7f-\x9f]*$"
WORD = r"^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$"

Sku = Annotated[str, Field(min_length=1, max_length=64, pattern=WORD, examples=["CP-502101"])]
FactoryId = Annotated[str, Field(min_length=1, max_length=64, pattern=WORD, examples=["FF-500293"])]
Units = Annotated[int, Field(ge=1, le=1_000_000)]
Line = Annotated[str, Field(min_length=1, max_length=99, pattern=NO_CONTROL_CHARACTERS)]


class Body(BaseModel):
    """A request's body: strict types, no unknown fields."""

    model_config = ConfigDict(strict=True, extra="forbid")


class View(BaseModel):
    """A response's body, read from the object of the same field names."""

    model_config = ConfigDict(from_attributes=True)


class SendBody(BaseModel):
    """The original's purchase. Fields that it does not know are ignored."""

    model_config = ConfigDict(strict=True)

    message_group_id: Annotated[
        str | None, Field(alias=original_wire.MESSAGE_GROUP_ID, max_length=128, pattern=NO_CONTROL_CHARACTERS)
    ] = None
    subject: Annotated[
        Line | None, Field(description="subject of the message to the factory", examples=["부산도너츠"])
    ] = None
    message: Annotated[
        str | None,
        Field(min_length=1, max_length=1000, pattern=NO_CONTROL_CHARACTERS, examples=["재고 부족"]),
    ] = None
    sku: Annotated[Sku, Field(alias=original_wire.PRODUCT_ID)]
    factory_id: Annotated[FactoryId | None, Field(alias=original_wire.FACTORY_ID)] = None


class MessageView(View):
    """The original's answer."""

    message: str = Field(examples=[original_wire.SOLD, original_wire.OUT_OF_STOCK])


class StatusView(View):
    """Alive."""

    status: str = Field(examples=["ok"])


class ReadinessView(View):
    """What the service needs, each ``ok`` or what is wrong."""

    status: str = Field(examples=["ok"])
    database: str = Field(examples=["ok"])
    queue: str = Field(examples=["ok"])


class DeliveryBody(BaseModel):
    """What the factory calls back with: the fields of the order."""

    model_config = ConfigDict(strict=True)

    quantity: Annotated[Units, Field(alias=original_wire.PRODUCT_COUNT, description="units delivered")]
    sku: Annotated[Sku | None, Field(alias=original_wire.PRODUCT_ID)] = None
    factory_id: Annotated[FactoryId | None, Field(alias=original_wire.FACTORY_ID)] = None


class PurchaseBody(Body):
    """A purchase."""

    sku: Sku
    quantity: Annotated[int, Field(ge=1, description="units; the shop refuses more than its limit")] = 1


class PurchaseView(View):
    """What became of a purchase."""

    id: str
    sku: str
    quantity: int = Field(description="units")
    unit_price: int = Field(description="KRW")
    outcome: Outcome
    replenishment_id: str | None
    created_at: datetime


class ProductView(View):
    """A product and its shelf."""

    sku: str
    name: str
    name_en: str
    price: int = Field(description="KRW")
    on_hand: int = Field(description="units on the shelf")
    on_order: int = Field(description="units ordered and still to come")
    reorder_point: int | None = Field(
        description="an order is made when on_hand + on_order falls to it; null: only when refused"
    )
    lot_size: int = Field(description="units; orders are whole lots")
    factory_id: str
    state: str = Field(description="in_stock, low or out_of_stock")
    sales_per_minute: float = Field(description="units, over the last ten minutes")
    archived_at: datetime | None
    created_at: datetime
    updated_at: datetime


class ProductPage(View):
    """Products in order of sku."""

    products: list[ProductView]
    next_cursor: str | None = Field(description="give it as cursor for what follows; null at the end")


class RestockBody(Body):
    """How much to order."""

    quantity: Annotated[Units | None, Field(description="units, rounded up to whole lots; null: one lot")] = None


class ReplenishmentView(View):
    """An order to the factory. Times are RFC 3339 UTC."""

    id: str
    number: str = Field(examples=["RO-0042"])
    sku: str
    factory_id: str
    quantity: int = Field(description="units")
    received_quantity: int = Field(description="units")
    status: Status
    cause: str = Field(description="refused_purchase, reorder_point or restock")
    shortage: int = Field(description="units that the order had to cover")
    on_hand_at_request: int
    reorder_point_at_request: int | None
    lot_size_at_request: int
    actor: str
    correlation_id: str = Field(description="in every log line from purchase to delivery")
    attempts: int = Field(description="failed attempts to order")
    last_error: str | None
    expected_at: datetime | None = Field(description="from the observed lead time; null: none observed yet")
    requested_at: datetime
    published_at: datetime | None
    ordered_at: datetime | None
    asked_at: datetime | None
    dead_lettered_at: datetime | None
    received_at: datetime | None
    cancelled_at: datetime | None


class ReplenishmentPage(View):
    """Replenishments, newest first."""

    replenishments: list[ReplenishmentView]
    next_cursor: str | None = Field(description="give it as cursor for what follows; null at the end")


class MovementView(View):
    """One line of the ledger."""

    id: int
    sku: str
    quantity: int = Field(description="signed units")
    on_hand_after: int
    kind: Kind
    reference: str | None
    actor: str
    reason: str | None
    created_at: datetime
