"""Statements on what operators did, and on the answers that a repeat with the same key gets."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from backend.store.tables import operator_action
from backend.store.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class OperatorAction:
    """What an operator did to ``subject``, a sku or a replenishment's id."""

    id: int
    actor: str
    action: str
    subject: str | None
    detail: dict[str, Any]
    request_hash: str | None
    answer: dict[str, Any] | None
    created_at: datetime


def add_action(
    transaction: Transaction,
    *,
    actor: str,
    action: str,
    subject: str | None,
    detail: Mapping[str, Any],
    now: datetime,
    idempotency_key: str | None = None,
    request_hash: str | None = None,
    answer: Mapping[str, Any] | None = None,
    idempotency_retention: timedelta = timedelta(days=1),
) -> None:
    """Write down what an operator did.

    Raises:
        UniqueViolation: the idempotency key is taken (raised by the unit of work).
    """
    transaction.execute(
        insert(operator_action).values(
            actor=actor,
            action=action,
            subject=subject,
            detail=json.dumps(detail, ensure_ascii=False),
            idempotency_key=idempotency_key,
            request_hash=request_hash,
            answer=json.dumps(answer) if answer is not None else None,
            idempotency_expires_at=now + idempotency_retention if idempotency_key else None,
            created_at=now,
        )
    )


def get_action_by_key(transaction: Transaction, idempotency_key: str) -> OperatorAction | None:
    """What was done under this key, or None."""
    rows = _list(transaction, select(operator_action).where(operator_action.c.idempotency_key == idempotency_key))
    return next(iter(rows), None)


def list_actions(
    transaction: Transaction, *, kinds: Collection[str], before: int | None, limit: int
) -> list[OperatorAction]:
    """At most ``limit`` actions of these kinds, newest first, those older than action ``before``."""
    statement = select(operator_action).where(operator_action.c.action.in_(kinds))
    if before is not None:
        statement = statement.where(operator_action.c.id < before)
    return _list(transaction, statement.order_by(operator_action.c.id.desc()).limit(limit))


def forget_action_keys(transaction: Transaction, *, now: datetime) -> int:
    """Free the keys that are past their retention; how many there were."""
    expired = update(operator_action).where(operator_action.c.idempotency_expires_at < now)
    freed = expired.values(idempotency_key=None, request_hash=None, answer=None, idempotency_expires_at=None)
    return transaction.execute(freed).rowcount


def _list(transaction: Transaction, statement: Any) -> list[OperatorAction]:
    return [
        OperatorAction(
            id=row.id,
            actor=row.actor,
            action=row.action,
            subject=row.subject,
            detail=json.loads(row.detail),
            request_hash=row.request_hash,
            answer=json.loads(row.answer) if row.answer else None,
            created_at=row.created_at,
        )
        for row in transaction.execute(statement)
    ]
