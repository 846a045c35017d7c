"""Alerts, and the webhook messages that tell of them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from backend.store.column_types import LONG, UtcDateTime, key

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "alert",
        sa.Column("id", LONG, nullable=False),
        sa.Column("kind", key(16), nullable=False, comment="out_of_stock, dead_letter, overdue, drift"),
        sa.Column("subject", key(64), nullable=False, comment="the sku or the replenishment's id"),
        sa.Column("sku", key(64), nullable=False),
        sa.Column("detail", sa.String(length=100), nullable=False),
        sa.Column("raised_at", UtcDateTime, nullable=False),
        sa.Column("cleared_at", UtcDateTime, nullable=True, comment="null while it holds"),
        sa.Column("changes", sa.Integer(), nullable=False, comment="odd: raised; even: cleared"),
        sa.Column("told_changes", sa.Integer(), nullable=False, comment="as of the last notice"),
        sa.Column("told_at", UtcDateTime, nullable=True, comment="when it was last told that it had begun"),
        sa.Column("due_at", UtcDateTime, nullable=True, comment="when its change may be told, or null"),
        sa.PrimaryKeyConstraint("id", name="pk_alert"),
        sa.UniqueConstraint("kind", "subject", name="uq_alert_kind_subject"),
        mysql_default_charset="utf8mb4",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_alert_due_at", "alert", ["due_at"])
    op.create_index("ix_alert_cleared_at", "alert", ["cleared_at"])

    op.create_table(
        "alert_message",
        sa.Column("id", key(36), nullable=False, comment="UUIDv7; the header webhook-id"),
        sa.Column("body", sa.Text(), nullable=False, comment="JSON, the very text that is signed and sent"),
        sa.Column("claimed_until", UtcDateTime, nullable=True, comment="somebody is sending it until then"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=500), nullable=True),
        sa.Column("delivered_at", UtcDateTime, nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alert_message"),
        mysql_default_charset="utf8mb4",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_alert_message_delivered_at_id", "alert_message", ["delivered_at", "id"])
    op.create_index("ix_alert_message_created_at", "alert_message", ["created_at"])

    op.create_table(
        "alert_check",
        sa.Column("name", key(16), nullable=False, comment="alert, drift"),
        sa.Column("checked_at", UtcDateTime, nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_alert_check"),
        mysql_default_charset="utf8mb4",
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("alert_check")
    op.drop_table("alert_message")
    op.drop_table("alert")
