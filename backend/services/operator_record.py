"""What operators do is written down in the transaction that does it; a repeat with its key is answered from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.domain.shop import Shop
from backend.services.purchase import IdempotencyKeyReused
from backend.store.operator_actions import add_action, get_action_by_key
from backend.store.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class Operator:
    """Who does it, and the key under which a repeat is the same deed."""

    actor: str
    idempotency_key: str | None = None
    request_hash: str | None = None


def find_answer(transaction: Transaction, operator: Operator) -> dict[str, Any] | None:
    """The answer that this operator's key got before, or None.

    Raises:
        IdempotencyKeyReused: it was used with another body.
    """
    if operator.idempotency_key is None:
        return None
    before = get_action_by_key(transaction, operator.idempotency_key)
    if before is None:
        return None
    if before.request_hash != operator.request_hash:
        raise IdempotencyKeyReused()
    return before.answer


def record(
    transaction: Transaction,
    *,
    operator: Operator,
    action: str,
    subject: str | None,
    detail: Mapping[str, Any],
    shop: Shop,
    now: datetime,
    answer: Mapping[str, Any] | None = None,
) -> None:
    """Write down a deed.

    Raises:
        UniqueViolation: the key was used by another deed at the same time (raised by the unit of work).
    """
    add_action(
        transaction,
        actor=operator.actor,
        action=action,
        subject=subject,
        detail=detail,
        now=now,
        idempotency_key=operator.idempotency_key,
        request_hash=operator.request_hash,
        answer=answer,
        idempotency_retention=shop.idempotency_retention,
    )
