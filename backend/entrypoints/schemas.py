"""What the API takes and gives, as its document shows it."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from backend.domain import original_wire
from backend.domain.alert import AlertKind
from backend.domain.movement import Kind
from backend.domain.replenishment import Status
from backend.domain.sale import Outcome
from backend.services.activity import Happening
from backend.services.timeline import Event
from backend.store.deliveries import DeliveryOutcome

NO_CONTROL_CHARACTERS = r"^[^\x00-\x1f\x7f-\x9f]*$"
REFUSED_BY_SNS = "\u2028\u2029\ufffe\uffff"
"""Line breaks by another name, and what is no character: such a message could never be published."""
PUBLISHABLE = {"pattern": r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]*$"}
WORD = r"^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$"

Sku = Annotated[str, Field(min_length=1, max_length=64, pattern=WORD, examples=["CP-502101"])]
FactoryId = Annotated[str, Field(min_length=1, max_length=64, pattern=WORD, examples=["FF-500293"])]
Units = Annotated[int, Field(ge=1, le=1_000_000)]
Price = Annotated[int, Field(ge=0, le=1_000_000_000, description="KRW")]
ReorderPoint = Annotated[
    int | None, Field(ge=0, le=1_000_000, description="units; null: order only when a purchase is refused")
]
ReplenishmentId = Annotated[str, Field(min_length=36, max_length=36, pattern=r"^[0-9a-f-]{36}$")]
RowId = Annotated[int, Field(ge=1, le=2**63 - 1)]
Line = Annotated[str, Field(min_length=1, max_length=99, pattern=NO_CONTROL_CHARACTERS)]

LEFT_OUT: Any = Field(default_factory=lambda: None)
"""A field that may be left out, but not be null."""


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
        Line | None,
        Field(
            description="subject of the message to the factory",
            examples=["부산도너츠"],
            json_schema_extra=PUBLISHABLE,
        ),
    ] = None
    message: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=1000,
            pattern=NO_CONTROL_CHARACTERS,
            examples=["재고 부족"],
            json_schema_extra=PUBLISHABLE,
        ),
    ] = None
    sku: Annotated[Sku, Field(alias=original_wire.PRODUCT_ID)]
    factory_id: Annotated[FactoryId | None, Field(alias=original_wire.FACTORY_ID)] = None

    @field_validator("subject", "message")
    @classmethod
    def _publishable(cls, text: str | None) -> str | None:
        if text and set(text) & set(REFUSED_BY_SNS):
            raise ValueError("must have no line separator and no noncharacter")
        return text


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
    replenishment_id: str | None = Field(description="the order that a refused customer waits for")
    message: str = Field(examples=[original_wire.SOLD, original_wire.OUT_OF_STOCK])
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


class NewProductBody(Body):
    """A product to add."""

    sku: Sku
    name: Line
    name_en: Line
    price: Price
    factory_id: FactoryId
    on_hand: Annotated[int, Field(ge=0, le=1_000_000, description="opening stock, in units")] = 0
    reorder_point: ReorderPoint = None
    lot_size: Units = 10


class ProductChanges(Body):
    """What to change of a product; what is left out stays."""

    name: Line = LEFT_OUT
    name_en: Line = LEFT_OUT
    price: Price = LEFT_OUT
    reorder_point: ReorderPoint = LEFT_OUT
    lot_size: Units = LEFT_OUT
    archived: bool = LEFT_OUT


class AdjustmentBody(Body):
    """What an operator counted."""

    quantity: Annotated[
        int,
        Field(
            ge=-1_000_000, le=1_000_000, description="signed units, not 0", json_schema_extra={"not": {"const": 0}}
        ),
    ]
    reason: Annotated[str, Field(min_length=1, max_length=200, pattern=NO_CONTROL_CHARACTERS)]

    @field_validator("quantity")
    @classmethod
    def _not_zero(cls, quantity: int) -> int:
        if quantity == 0:
            raise ValueError("must not be 0")
        return quantity


class ReturnBody(Body):
    """What a customer brought back."""

    quantity: Units
    reason: Annotated[str | None, Field(min_length=1, max_length=200, pattern=NO_CONTROL_CHARACTERS)] = None


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


class MovementPage(View):
    """Lines of the ledger, newest first."""

    movements: list[MovementView]
    next_cursor: str | None = Field(description="give it as cursor for what follows; null at the end")


class StepView(View):
    """A step of a replenishment."""

    at: datetime
    event: Event
    detail: str | None
    seconds: float | None = Field(description="since the step before")


class DeliveryView(View):
    """What the factory brought, or tried to."""

    delivery_id: str = Field(description="the factory's name for it; empty: it gave none")
    quantity: int = Field(description="units")
    outcome: DeliveryOutcome
    created_at: datetime


class ReplenishmentStory(ReplenishmentView):
    """A replenishment, its deliveries, and how it went."""

    timeline: list[StepView]
    deliveries: list[DeliveryView]


class ProductOverviewView(ProductView):
    """A product with its sales in the window."""

    sold_quantity: int = Field(description="units")
    revenue: int = Field(description="KRW")
    lost_quantity: int = Field(description="units of refused purchases")
    lost_amount: int = Field(description="KRW")
    lead_time_seconds: float | None = Field(description="observed: the mean of the last ten; null: none yet")
    open_replenishment_id: str | None
    runs_out_in_seconds: float | None = Field(description="at the present rate of sales; null: nothing sells")


class DepthView(View):
    """Messages of the queues. Approximate, as SQS says."""

    visible: int = Field(description="waiting")
    in_flight: int = Field(description="received, not yet deleted")
    dead_letters: int


class OverviewView(View):
    """The shop at a moment."""

    at: datetime
    minutes: int = Field(description="sales are counted from the minute that lies so many minutes back")
    revenue: int = Field(description="KRW")
    sold_quantity: int = Field(description="units")
    lost_quantity: int = Field(description="units of refused purchases")
    lost_amount: int = Field(description="KRW")
    short_products: int = Field(description="shelves at or below their reorder point, or empty")
    total_products: int
    open_replenishments: int
    products: list[ProductOverviewView]
    queue: DepthView | None = Field(description="null: SQS was not reached")
    oldest_seconds: float | None = Field(description="age of the oldest published, not ordered; no dead letters")


class StockPointView(View):
    """From ``at`` on there were ``on_hand`` units, until the next point."""

    at: datetime
    on_hand: int


class ReceiptView(View):
    """A delivery."""

    at: datetime
    quantity: int
    replenishment_id: str


class StockSeriesView(View):
    """How a product's stock went."""

    sku: str
    points: list[StockPointView]
    receipts: list[ReceiptView] = Field(description="the latest 500")


class StockHistoryView(View):
    """How stock went; every point is an exact value of the ledger."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    since: datetime = Field(alias="from")
    until: datetime = Field(alias="to")
    series: list[StockSeriesView]


class SalesPointView(View):
    """What was sold and refused in the piece of time that begins at ``at``."""

    at: datetime
    sold_quantity: int
    sold_amount: int
    lost_quantity: int
    lost_amount: int


class SalesSeriesView(View):
    """How a product's sales went; pieces of time without any are left out."""

    sku: str
    points: list[SalesPointView]


class SalesHistoryView(View):
    """How sales went."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    since: datetime = Field(alias="from")
    until: datetime = Field(alias="to")
    bucket_seconds: int
    series: list[SalesSeriesView]


class ActivityView(View):
    """One thing that happened."""

    at: datetime
    kind: Happening
    sku: str
    quantity: int = Field(description="units, signed for adjustments")
    reference: str = Field(description="id of the purchase, the replenishment or the operator's action")
    number: str | None = Field(description="the replenishment's")
    actor: str


class ActivityPage(View):
    """What happened, newest first."""

    activity: list[ActivityView]
    next_cursor: str | None = Field(description="give it as cursor for what follows; null at the end")


class QueueSampleView(DepthView):
    """How deep the queues were."""

    at: datetime


class QueuesView(DepthView):
    """How deep the queues are, and were."""

    at: datetime
    oldest_seconds: float | None = Field(description="age of the oldest published, not ordered; no dead letters")
    samples: list[QueueSampleView] = Field(description="oldest first")


class PayloadView(View):
    """The message as it was published last."""

    subject: str
    body: str
    attributes: dict[str, str]


class DeadLetterView(View):
    """A replenishment whose message was given up."""

    replenishment: ReplenishmentView
    cause: str
    attempts: int
    payload: PayloadView | None = Field(description="null: past its retention")


class DeadLettersView(View):
    """Every dead-lettered replenishment, oldest first."""

    dead_letters: list[DeadLetterView]


class RedriveBody(Body):
    """Which to put back on the queue."""

    replenishment_ids: Annotated[
        list[ReplenishmentId] | None, Field(max_length=1000, description="null: every dead letter")
    ] = None


class RedrivenView(View):
    """How many went back."""

    redriven: int


class WordsView(View):
    """The same in Korean and in English."""

    ko: str
    en: str


class AlertView(View):
    """Something that is wrong. `subject` is the sku, or the id of the replenishment."""

    kind: AlertKind
    subject: str
    sku: str
    detail: str
    raised_at: datetime
    text: WordsView


class AlertsView(View):
    """Every alert that holds, oldest first."""

    alerts: list[AlertView]
    undelivered_messages: int = Field(description="webhook messages that wait to be delivered")


class ImportedView(View):
    """How many lines were imported."""

    imported: int
