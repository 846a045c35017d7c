"""Every table, for SQLite and MySQL alike."""

from functools import partial

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy import Table as AnyTable

from backend.store.column_types import LONG, UtcDateTime, key

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Table = partial(AnyTable, mysql_default_charset="utf8mb4", sqlite_autoincrement=True)

product = Table(
    "product",
    metadata,
    Column("sku", key(64), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("name_en", String(100), nullable=False),
    Column("price", Integer, nullable=False, comment="KRW"),
    Column("on_hand", Integer, nullable=False, comment="units on the shelf: the sum of stock_movement"),
    Column("factory_id", key(64), nullable=False),
    Column("reorder_point", Integer, comment="null: order only when a purchase was refused"),
    Column("lot_size", Integer, nullable=False),
    Column("archived_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    CheckConstraint("on_hand >= 0", name="on_hand_not_negative"),
    CheckConstraint("price >= 0", name="price_not_negative"),
    CheckConstraint("reorder_point >= 0", name="reorder_point_not_negative"),
    CheckConstraint("lot_size >= 1", name="lot_size_positive"),
)

purchase = Table(
    "purchase",
    metadata,
    Column("id", key(36), primary_key=True, comment="UUIDv7, made before the insert"),
    # No foreign key: it would add an index to the busiest table, the product is locked when this is written,
    # and products are archived, never deleted.
    Column("sku", key(64), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("unit_price", Integer, nullable=False, comment="KRW, at the time of the purchase"),
    Column("outcome", key(16), nullable=False, comment="sold, out_of_stock"),
    Column("replenishment_id", key(36), comment="the order that the refused customer waits for"),
    Column("idempotency_key", key(128)),
    Column("request_hash", key(64)),
    Column("idempotency_expires_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("idempotency_key"),
    Index(None, "idempotency_expires_at"),
)

stock_movement = Table(
    "stock_movement",
    metadata,
    Column("id", LONG, primary_key=True),
    Column("sku", key(64), ForeignKey("product.sku"), nullable=False),
    Column("quantity", Integer, nullable=False, comment="signed"),
    Column("on_hand_after", Integer, nullable=False),
    Column("kind", key(16), nullable=False, comment="sale, receipt, return, adjustment"),
    Column("reference", key(64), comment="id of the purchase or the replenishment"),
    Column("actor", String(64), nullable=False),
    Column("reason", String(200)),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "sku", "id"),
    Index(None, "sku", "created_at"),
)

replenishment = Table(
    "replenishment",
    metadata,
    Column("number", LONG, primary_key=True, comment="what people call it: RO-0042"),
    Column("id", key(36), nullable=False, comment="UUIDv7"),
    Column("sku", key(64), ForeignKey("product.sku"), nullable=False),
    Column("factory_id", key(64), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("received_quantity", Integer, nullable=False),
    Column("status", key(20), nullable=False),
    Column("cause", key(20), nullable=False, comment="refused_purchase, reorder_point, restock"),
    Column("shortage", Integer, nullable=False, comment="units that the order had to cover"),
    Column("on_hand_at_request", Integer, nullable=False),
    Column("reorder_point_at_request", Integer),
    Column("lot_size_at_request", Integer, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("correlation_id", key(64), nullable=False, comment="in every log line from purchase to delivery"),
    Column("open_key", key(64), comment="the sku while it is open, then null: one open order for a product"),
    Column("attempts", Integer, nullable=False, comment="failed attempts to order"),
    Column("last_error", String(500)),
    Column("expected_at", UtcDateTime, comment="from the lead times observed when it was made"),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("published_at", UtcDateTime),
    Column("ordered_at", UtcDateTime),
    Column("asked_at", UtcDateTime, comment="when the factory was last asked for a late order"),
    Column("dead_lettered_at", UtcDateTime),
    Column("received_at", UtcDateTime),
    Column("cancelled_at", UtcDateTime),
    CheckConstraint("received_quantity <= quantity", name="no_more_than_ordered"),
    UniqueConstraint("id"),
    UniqueConstraint("open_key"),
    Index(None, "sku", "received_at"),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", LONG, primary_key=True),
    Column("replenishment_id", key(36), ForeignKey("replenishment.id"), nullable=False),
    Column("delivery_id", key(128), nullable=False, comment="the factory's name for it, or empty"),
    Column("quantity", Integer, nullable=False),
    Column("outcome", key(16), nullable=False, comment="received, or refused because the order was closed"),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("replenishment_id", "delivery_id"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", LONG, primary_key=True),
    Column("replenishment_id", key(36), ForeignKey("replenishment.id"), nullable=False),
    Column("topic", key(256), nullable=False),
    Column("subject", String(100), nullable=False),
    Column("body", Text, nullable=False),
    Column("attributes", Text, nullable=False, comment="JSON object of strings"),
    Column("message_group", key(64), nullable=False),
    Column("claimed_until", UtcDateTime, comment="a relay is at it until then"),
    Column("attempts", Integer, nullable=False),
    Column("last_error", String(500)),
    Column("published_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "published_at", "id"),
)

queue_sample = Table(
    "queue_sample",
    metadata,
    Column("at", UtcDateTime, primary_key=True),
    Column("visible", Integer, nullable=False),
    Column("in_flight", Integer, nullable=False),
    Column("dead_letters", Integer, nullable=False),
)

sales_minute = Table(
    "sales_minute",
    metadata,
    Column("sku", key(64), primary_key=True),
    Column("minute", UtcDateTime, primary_key=True, comment="its beginning"),
    Column("sold_purchases", Integer, nullable=False),
    Column("sold_quantity", Integer, nullable=False),
    Column("sold_amount", LONG, nullable=False, comment="KRW"),
    Column("refused_purchases", Integer, nullable=False),
    Column("lost_quantity", Integer, nullable=False, comment="units of refused purchases"),
    Column("lost_amount", LONG, nullable=False, comment="KRW"),
    Index(None, "minute"),
)

operator_action = Table(
    "operator_action",
    metadata,
    Column("id", LONG, primary_key=True),
    Column("actor", String(64), nullable=False),
    Column("action", key(40), nullable=False),
    Column("subject", key(64), comment="the sku or the replenishment's id"),
    Column("detail", Text, nullable=False, comment="JSON: what was asked"),
    Column("idempotency_key", key(128)),
    Column("request_hash", key(64)),
    Column("answer", Text, comment="JSON: status and body, for a repeat"),
    Column("idempotency_expires_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("idempotency_key"),
    Index(None, "idempotency_expires_at"),
)

alert = Table(
    "alert",
    metadata,
    Column("id", LONG, primary_key=True),
    Column("kind", key(16), nullable=False, comment="out_of_stock, dead_letter, overdue, drift"),
    Column("subject", key(64), nullable=False, comment="the sku or the replenishment's id"),
    Column("sku", key(64), nullable=False),
    Column("detail", String(100), nullable=False),
    Column("raised_at", UtcDateTime, nullable=False),
    Column("cleared_at", UtcDateTime, comment="null while it holds"),
    Column("changes", Integer, nullable=False, comment="odd: raised; even: cleared"),
    Column("told_changes", Integer, nullable=False, comment="as of the last notice"),
    Column("told_at", UtcDateTime, comment="when it was last told that it had begun"),
    Column("due_at", UtcDateTime, comment="when its change may be told, or null"),
    UniqueConstraint("kind", "subject"),
    Index(None, "due_at"),
    Index(None, "cleared_at"),
)

alert_message = Table(
    "alert_message",
    metadata,
    Column("id", key(36), primary_key=True, comment="UUIDv7; the header webhook-id"),
    Column("body", Text, nullable=False, comment="JSON, the very text that is signed and sent"),
    Column("claimed_until", UtcDateTime, comment="somebody is sending it until then"),
    Column("attempts", Integer, nullable=False),
    Column("last_error", String(500)),
    Column("delivered_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "delivered_at", "id"),
    Index(None, "created_at"),
)

alert_check = Table(
    "alert_check",
    metadata,
    Column("name", key(16), primary_key=True, comment="alert, drift"),
    Column("checked_at", UtcDateTime),
)
