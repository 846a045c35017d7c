"""Statements on alerts. Whoever writes any has locked ``Check.ALERT`` (``store/alert_checks.py``)."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Row, and_, bindparam, delete, insert, select, update

from backend.domain.alert import Alert, AlertKind, Condition, notice_due_at
from backend.store.tables import alert
from backend.store.unit_of_work import Transaction

COLUMNS = [column for column in alert.c if column.name != "due_at"]
LONGEST_DETAIL = 100
NAMED_AT_A_TIME = 500
UNTOLD_CLEARED = and_(alert.c.due_at.is_not(None), alert.c.cleared_at.is_not(None))

T = TypeVar("T")


def list_active_alerts(transaction: Transaction, kinds: Collection[AlertKind]) -> list[Alert]:
    """The alerts of these kinds that hold, oldest first."""
    statement = select(*COLUMNS).where(alert.c.cleared_at.is_(None), alert.c.kind.in_(kinds))
    return [_read(row) for row in transaction.execute(statement.order_by(alert.c.raised_at, alert.c.id))]


def raise_alerts(
    transaction: Transaction, conditions: Sequence[Condition], *, now: datetime, quiet: timedelta
) -> None:
    """Write that these have begun, none of which is active."""
    known = {(one.kind, one.subject): one for one in _list_known(transaction, conditions)}
    values = []
    for condition in conditions:
        before = known.get((condition.kind, condition.subject))
        due_at = notice_due_at(
            is_active=True,
            told_changes=before.told_changes if before else 0,
            told_at=before.told_at if before else None,
            now=now,
            quiet=quiet,
        )
        seen = {"detail": condition.detail[:LONGEST_DETAIL], "raised_at": now, "due_at": due_at}
        values.append((before, condition, seen))
    _insert(transaction, [(condition, seen) for before, condition, seen in values if before is None])
    _change(transaction, [{"row_id": before.id, "cleared": None, **seen} for before, _, seen in values if before])


def clear_alerts(transaction: Transaction, cleared: Sequence[Alert], *, now: datetime, quiet: timedelta) -> None:
    """Write that these are over, each of which is active."""
    _change(
        transaction,
        [
            {
                "row_id": one.id,
                "detail": one.detail,
                "raised_at": one.raised_at,
                "cleared": now,
                "due_at": notice_due_at(
                    is_active=False, told_changes=one.told_changes, told_at=one.told_at, now=now, quiet=quiet
                ),
            }
            for one in cleared
        ],
    )


def has_due_alerts(transaction: Transaction, *, now: datetime) -> bool:
    """Whether a change may be told."""
    return transaction.execute(select(alert.c.id).where(alert.c.due_at <= now).limit(1)).first() is not None


def take_due_alerts(transaction: Transaction, *, now: datetime, limit: int) -> list[Alert]:
    """The changes that may be told, at most ``limit``, as they were; noted as told from now on."""
    statement = select(*COLUMNS).where(alert.c.due_at <= now).order_by(alert.c.due_at, alert.c.id).limit(limit)
    due = [_read(row) for row in transaction.execute(statement)]
    told = update(alert).values(told_changes=alert.c.changes, due_at=None)
    for some in _in_parts(due):
        transaction.execute(told.where(alert.c.id.in_([one.id for one in some])))
        begun = [one.id for one in some if one.crossings]
        transaction.execute(update(alert).where(alert.c.id.in_(begun)).values(told_at=now))
    return due


def has_untold_cleared(transaction: Transaction) -> bool:
    """Whether anything is over that was not told."""
    return transaction.execute(select(alert.c.id).where(UNTOLD_CLEARED).limit(1)).first() is not None


def forget_untold_cleared(transaction: Transaction) -> None:
    """Note as told what is over, where there is nobody to tell."""
    transaction.execute(update(alert).where(UNTOLD_CLEARED).values(told_changes=alert.c.changes, due_at=None))


def delete_cleared_alerts(transaction: Transaction, *, before: datetime, limit: int) -> None:
    """Delete alerts that are over since ``before`` and told, at most ``limit``."""
    old = select(alert.c.id).where(alert.c.cleared_at < before, alert.c.due_at.is_(None)).limit(limit)
    ids = list(transaction.execute(old).scalars())
    if ids:
        transaction.execute(delete(alert).where(alert.c.id.in_(ids)))


def _list_known(transaction: Transaction, conditions: Sequence[Condition]) -> list[Alert]:
    return [
        _read(row)
        for some in _in_parts(conditions)
        for row in transaction.execute(select(*COLUMNS).where(alert.c.subject.in_({one.subject for one in some})))
    ]


def _in_parts(many: Sequence[T]) -> Iterator[Sequence[T]]:
    """In parts that one statement can name."""
    for start in range(0, len(many), NAMED_AT_A_TIME):
        yield many[start : start + NAMED_AT_A_TIME]


def _insert(transaction: Transaction, raised: Sequence[tuple[Condition, dict[str, Any]]]) -> None:
    if raised:
        rows = [
            {
                "kind": condition.kind.value,
                "subject": condition.subject,
                "sku": condition.sku,
                "changes": 1,
                "told_changes": 0,
                **seen,
            }
            for condition, seen in raised
        ]
        transaction.execute(insert(alert), rows)


def _change(transaction: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        changed = (
            update(alert)
            .where(alert.c.id == bindparam("row_id"))
            .values(
                changes=alert.c.changes + 1,
                cleared_at=bindparam("cleared"),
                detail=bindparam("detail"),
                raised_at=bindparam("raised_at"),
                due_at=bindparam("due_at"),
            )
        )
        transaction.execute(changed, rows)


def _read(row: Row[Any]) -> Alert:
    return Alert(**{**row._mapping, "kind": AlertKind(row.kind)})
