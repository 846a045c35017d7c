"""Alerts as a webhook message, in the envelope of https://www.standardwebhooks.com, with words for people."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from backend.domain.alert import Alert, AlertKind

MESSAGE_TYPE = "alerts.changed"

RAISED = {
    AlertKind.OUT_OF_STOCK: ("{sku}: 재고가 떨어졌습니다", "{sku} is out of stock"),
    AlertKind.DEAD_LETTER: (
        "{sku}: 공장에 주문하지 못했습니다 (실패 메시지, {detail})",
        "{sku} could not be ordered (dead letter, {detail})",
    ),
    AlertKind.OVERDUE: (
        "{sku}: 주문 처리나 납품이 늦어지고 있습니다 ({detail})",
        "{sku} is overdue ({detail})",
    ),
    AlertKind.DRIFT: (
        "{sku}: 재고가 원장과 다릅니다 ({detail})",
        "{sku} is not what its ledger says ({detail})",
    ),
}
CLEARED = {
    AlertKind.OUT_OF_STOCK: ("{sku}: 다시 재고가 있습니다", "{sku} is in stock again"),
    AlertKind.DEAD_LETTER: ("{sku}: 더는 실패 메시지가 아닙니다", "{sku} is no longer a dead letter"),
    AlertKind.OVERDUE: ("{sku}: 더는 늦지 않습니다", "{sku} is no longer overdue"),
    AlertKind.DRIFT: ("{sku}: 재고와 원장이 다시 맞습니다", "{sku} and its ledger agree again"),
}


def write_message(alerts: Sequence[Alert], *, shop: str, now: datetime) -> str:
    """The body of the message that tells of these alerts: JSON, unescaped."""
    message = {
        "type": MESSAGE_TYPE,
        "timestamp": _iso(now),
        "data": {"shop": shop, "alerts": [_describe(one) for one in alerts]},
    }
    return json.dumps(message, ensure_ascii=False)


def describe_in_words(alert: Alert) -> dict[str, str]:
    """What a person reads, in Korean (``ko``) and in English (``en``)."""
    korean, english = (RAISED if alert.is_active else CLEARED)[alert.kind]
    known = {"sku": alert.sku, "detail": alert.detail}
    return {"ko": korean.format(**known), "en": english.format(**known)}


def _describe(alert: Alert) -> dict[str, Any]:
    return {
        "kind": alert.kind.value,
        "state": "raised" if alert.is_active else "cleared",
        "subject": alert.subject,
        "sku": alert.sku,
        "detail": alert.detail,
        "crossings": alert.crossings,
        "raised_at": _iso(alert.raised_at),
        "cleared_at": _iso(alert.cleared_at) if alert.cleared_at else None,
        "text": describe_in_words(alert),
    }


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
