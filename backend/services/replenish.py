"""Ask for a replenishment: the order and its message, written in the transaction that saw the shortage."""

from dataclasses import dataclass
from datetime import datetime

from backend.domain import original_wire
from backend.domain.product import Product
from backend.domain.reorder import ReorderDecision, decide_reorder
from backend.domain.replenishment import Replenishment
from backend.domain.shop import Shop
from backend.services.clock import new_id
from backend.store.outbox import OutboxMessage, add_message
from backend.store.replenishments import (
    add_replenishment,
    get_observed_lead_time,
    get_open_replenishment,
)
from backend.store.unit_of_work import Transaction

BY_ITSELF = "factoauto"
"""The actor of what nobody asked for."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Subject and text of the message to the factory, where a customer chose them."""

    subject: str | None = None
    message: str | None = None


def request_replenishment(
    transaction: Transaction,
    *,
    product: Product,
    decision: ReorderDecision,
    shop: Shop,
    now: datetime,
    correlation_id: str,
    actor: str = BY_ITSELF,
    notice: Notice = Notice(),
) -> Replenishment:
    """Open a replenishment of a locked product that has none, with its message in the outbox."""
    lead_time = get_observed_lead_time(transaction, product.sku)
    opened = add_replenishment(
        transaction,
        {
            "id": new_id(),
            "sku": product.sku,
            "factory_id": product.factory_id,
            "quantity": decision.quantity,
            "cause": decision.cause.value,
            "shortage": decision.shortage,
            "on_hand_at_request": decision.on_hand,
            "reorder_point_at_request": decision.reorder_point,
            "lot_size_at_request": decision.lot_size,
            "actor": actor,
            "correlation_id": correlation_id,
            "expected_at": now + lead_time if lead_time else None,
            "requested_at": now,
        },
    )
    announce(transaction, replenishment=opened, shop=shop, now=now, notice=notice)
    return opened


def announce(
    transaction: Transaction,
    *,
    replenishment: Replenishment,
    shop: Shop,
    now: datetime,
    notice: Notice = Notice(),
) -> None:
    """Put a message for this replenishment into the outbox, the first or another."""
    text = notice.message or original_wire.DEFAULT_MESSAGE
    message = OutboxMessage(
        replenishment_id=replenishment.id,
        topic=shop.topic,
        subject=notice.subject or shop.requester,
        body=original_wire.stock_empty_body(message=text, at=now),
        attributes=original_wire.stock_empty_attributes(
            sku=replenishment.sku, factory_id=replenishment.factory_id, replenishment_id=replenishment.id
        ),
        message_group=replenishment.sku,
    )
    add_message(transaction, message, now=now)


def reorder_if_short(
    transaction: Transaction, *, product: Product, on_hand: int, shop: Shop, now: datetime
) -> Replenishment | None:
    """Apply the reorder rule to a locked product after its stock or its policy changed."""
    if get_open_replenishment(transaction, product.sku) or product.archived_at:
        return None
    decision = decide_reorder(policy=product.policy, on_hand=on_hand, on_order=0)
    if decision is None:
        return None
    return request_replenishment(
        transaction, product=product, decision=decision, shop=shop, now=now, correlation_id=new_id()
    )
