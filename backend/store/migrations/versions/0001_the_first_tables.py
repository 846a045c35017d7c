"""The first tables."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from backend.store.column_types import LONG, UtcDateTime, key

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "operator_action",
        sa.Column("id", LONG, nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("action", key(40), nullable=False),
        sa.Column("subject", key(64), nullable=True, comment="the sku or the replenishment's id"),
        sa.Column("detail", sa.Text(), nullable=False, comment="JSON: what was asked"),
        sa.Column("idempotency_key", key(128), nullable=True),
        sa.Column("request_hash", key(64), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True, comment="JSON: status and body, for a repeat"),
        sa.Column("idempotency_expires_at", UtcDateTime, nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_operator_action"),
        sa.UniqueConstraint("idempotency_key", name="uq_operator_action_idempotency_key"),
        mysql_default_charset="utf8mb4",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_operator_action_idempotency_expires_at", "operator_action", ["idempotency_expires_at"])

    op.create_table(
        "product",
        sa.Column("sku", key(64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False, comment="KRW"),
        sa.Column(
            "on_hand", sa.Integer(), nullable=False, comment="units on the shelf: the sum of stock_movement"
        ),
        sa.Column("factory_id", key(64), nullable=False),
        sa.Column(
            "reorder_point",
            sa.Integer(),
            nullable=True,
            comment="null: order only when a purchase was refused",
        ),
        sa.Column("lot_size", sa.Integer(), nullable=False),
        sa.Column("archived_at", UtcDateTime, nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("lot_size >= 1", name=op.f("ck_product_lot_size_positive")),
        sa.CheckConstraint("on_hand >= 0", name=op.f("ck_product_on_hand_not_negative")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_product_price_not_negative")),
        sa.CheckConstraint("reorder_point >= 0", name=op.f("ck_product_reorder_point_not_negative")),
        sa.PrimaryKeyConstraint("sku", name="pk_product"),
        mysql_default_charset="utf8mb4",
        sqlite_autoincrement=True,
    )
    op.create_table(
        "purchase",
        sa.Column("id", key(36), nullable=False, comment="UUIDv7, made before the insert"),
        sa.Column("sku", key(64), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.Integer(), nullable=False, comment="KRW, at the time of the purchase"),
        sa.Column("outcome", key(16), nullable=False, comment="sold, out_of_stock"),
        sa.Column(
            "replenishment_id",
            key(36),
            nullable=True,
            comment="the order that the refused customer waits for",
        ),
        sa.Column("idempotency_key", key(128), nullable=True),
        sa.Column("request_hash", key(64), nullable=True),
        sa.Column("idempotency_expires_at", UtcDateTime, nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_purchase"),
        sa.UniqueConstraint("idempotency_key", name="uq_purchase_idempotency_key"),
        mysql_default_charset="utf8mb4",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_purchase_idempotency_expires_at", "purchase", ["idempotency_expires_at"])

    op.create_table(
        "queue_sample",
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("visible", sa.Integer(), nullable=False),
        sa.Column("in_flight", sa.Integer(), nullable=False),
        sa.Column("dead_letters", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("at", name="pk_queue_sample"),
        mysql_default_charset="utf8mb4",
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sales_minute",
        sa.Column("sku", key(64), nullable=False),
        sa.Column("minute", UtcDateTime, nullable=False, comment="its beginning"),
        sa.Column("sold_purchases", sa.Integer(), nullable=False),
        sa.Column("sold_quantity", sa.Integer(), nullable=False),
        sa.Column("sold_amount", LONG, nullable=False, comment="KRW"),
        sa.Column("refused_purchases", sa.Integer(), nullable=False),
        sa.Column("lost_quantity", sa.Integer(), nullable=False, comment="units of refused purchases"),
        sa.Column("lost_amount", LONG, nullable=False, comment="KRW"),
        sa.PrimaryKeyConstraint("sku", "minute", name="pk_sales_minute"),
        mysql_default_charset="utf8mb4",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sales_minute_minute", "sales_minute", ["minute"])

    op.create_table(
        "replenishment",
        sa.Column("number", LONG, nullable=False, comment="what people call it: RO-0042"),
        sa.Column("id", key(36), nullable=False, comment="UUIDv7"),
        sa.Column("sku", key(64), nullable=False),
        sa.Column("factory_id", key(64), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("received_quantity", sa.Integer(), nullable=False),
        sa.Column("status", key(20), nullable=False),
        sa.Column("cause", key(20), nullable=False, comment="refused_purchase, reorder_point, restock"),
        sa.Column("shortage", sa.Integer(), nullable=False, comment="units that the order had to cover"),
        sa.Column("on_hand_at_request", sa.Integer(), nullable=False),
        sa.Column("reorder_point_at_request", sa.Integer(), nullable=True),
        sa.Column("lot_size_at_request", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column(
            "correlation_id",
            key(64),
            nullable=False,
            comment="in every log line from purchase to delivery",
        ),
        sa.Column(
            "open_key",
            key(64),
            nullable=True,
            comment="the sku while it is open, then null: one open order for a product",
        ),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="failed attempts to order"),
        sa.Column("last_error", sa.String(length=500), nullable=True),
        sa.Column(
            "expected_at", UtcDateTime, nullable=True, comment="from the lead times observed when it was made"
        ),
        sa.Column("requested_at", UtcDateTime, nullable=False),
        sa.Column("published_at", UtcDateTime, nullable=True),
        sa.Column("ordered_at", UtcDateTime, nullable=True),
        sa.Column(
            "asked_at", UtcDateTime, nullable=True, comment="when the factory was last asked for a late order"
        ),
        sa.Column("dead_lettered_at", UtcDateTime, nullable=True),
        sa.Column("received_at", UtcDateTime, nullable=True),
        sa.Column("cancelled_at", UtcDateTime, nullable=True),
        sa.CheckConstraint("received_quantity <= quantity", name=op.f("ck_replenishment_no_more_than_ordered")),
        sa.ForeignKeyConstraint(["sku"], ["product.sku"], name="fk_replenishment_sku"),
        sa.PrimaryKeyConstraint("number", name="pk_replenishment"),
        sa.UniqueConstraint("id", name="uq_replenishment_id"),
        sa.UniqueConstraint("open_key", name="uq_replenishment_open_key"),
        mysql_default_charset="utf8mb4",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_replenishment_sku_received_at", "replenishment", ["sku", "received_at"])

    op.create_table(
        "stock_movement",
        sa.Column("id", LONG, nullable=False),
        sa.Column("sku", key(64), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False, comment="signed"),
        sa.Column("on_hand_after", sa.Integer(), nullable=False),
        sa.Column("kind", key(16), nullable=False, comment="sale, receipt, return, adjustment"),
        sa.Column("reference", key(64), nullable=True, comment="id of the purchase or the replenishment"),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["sku"], ["product.sku"], name="fk_stock_movement_sku"),
        sa.PrimaryKeyConstraint("id", name="pk_stock_movement"),
        mysql_default_charset="utf8mb4",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_stock_movement_sku_created_at", "stock_movement", ["sku", "created_at"])
    op.create_index("ix_stock_movement_sku_id", "stock_movement", ["sku", "id"])

    op.create_table(
        "delivery",
        sa.Column("id", LONG, nullable=False),
        sa.Column("replenishment_id", key(36), nullable=False),
        sa.Column("delivery_id", key(128), nullable=False, comment="the factory's name for it, or empty"),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("outcome", key(16), nullable=False, comment="received, or refused because the order was closed"),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["replenishment_id"], ["replenishment.id"], name="fk_delivery_replenishment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("replenishment_id", "delivery_id", name="uq_delivery_replenishment_id_delivery_id"),
        mysql_default_charset="utf8mb4",
        sqlite_autoincrement=True,
    )
    op.create_table(
        "outbox",
        sa.Column("id", LONG, nullable=False),
        sa.Column("replenishment_id", key(36), nullable=False),
        sa.Column("topic", key(256), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("attributes", sa.Text(), nullable=False, comment="JSON object of strings"),
        sa.Column("message_group", key(64), nullable=False),
        sa.Column("claimed_until", UtcDateTime, nullable=True, comment="a relay is at it until then"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=500), nullable=True),
        sa.Column("published_at", UtcDateTime, nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["replenishment_id"], ["replenishment.id"], name="fk_outbox_replenishment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        mysql_default_charset="utf8mb4",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_published_at_id", "outbox", ["published_at", "id"])


def downgrade() -> None:
    """Back."""
    op.drop_table("outbox")
    op.drop_table("delivery")

    op.drop_table("stock_movement")

    op.drop_table("replenishment")

    op.drop_table("sales_minute")
    op.drop_table("queue_sample")

    op.drop_table("purchase")
    op.drop_table("product")

    op.drop_table("operator_action")
