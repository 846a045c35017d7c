"""What a webhook message says."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from backend.domain.alert import Alert, AlertKind
from backend.domain.alert_message import describe_in_words, write_message
from backend.services.tell import ALERTS_A_MESSAGE
from backend.store.alerts import LONGEST_DETAIL

NOON_IN_KOREA = datetime(2026, 11, 25, 12, 0, tzinfo=timezone(timedelta(hours=9)))
MYSQL_TEXT_BYTES = 65_535


def _alert(
    *, kind: AlertKind = AlertKind.DRIFT, over: bool = False, detail: str = "on_hand 7, ledger 10"
) -> Alert:
    return Alert(
        id=7,
        kind=kind,
        subject="CP-502101",
        sku="CP-502101",
        detail=detail,
        raised_at=NOON_IN_KOREA,
        cleared_at=NOON_IN_KOREA + timedelta(minutes=3) if over else None,
        changes=2 if over else 1,
        told_changes=1 if over else 0,
        told_at=None,
    )


def test_a_message_has_the_envelope_of_standard_webhooks_and_utc_times() -> None:
    said = json.loads(write_message([_alert()], shop="부산도너츠", now=NOON_IN_KOREA.astimezone(UTC)))

    assert said == {
        "type": "alerts.changed",
        "timestamp": "2026-11-25T03:00:00.000000Z",
        "data": {
            "shop": "부산도너츠",
            "alerts": [
                {
                    "kind": "drift",
                    "state": "raised",
                    "subject": "CP-502101",
                    "sku": "CP-502101",
                    "detail": "on_hand 7, ledger 10",
                    "crossings": 1,
                    "raised_at": "2026-11-25T03:00:00.000000Z",
                    "cleared_at": None,
                    "text": {
                        "ko": "CP-502101: 재고가 원장과 다릅니다 (on_hand 7, ledger 10)",
                        "en": "CP-502101 is not what its ledger says (on_hand 7, ledger 10)",
                    },
                }
            ],
        },
    }


def test_what_is_over_says_since_when() -> None:
    [alert] = json.loads(write_message([_alert(over=True)], shop="s", now=NOON_IN_KOREA))["data"]["alerts"]

    assert (alert["state"], alert["cleared_at"]) == ("cleared", "2026-11-25T03:03:00.000000Z")


@pytest.mark.parametrize("over", [False, True])
@pytest.mark.parametrize("kind", list(AlertKind))
def test_everything_is_said_in_korean_and_in_english(kind: AlertKind, over: bool) -> None:
    words = describe_in_words(_alert(kind=kind, over=over, detail="{sku} and {nothing}"))

    assert set(words) == {"ko", "en"}
    assert re.search("[가-힣]", words["ko"])
    assert not re.search("[가-힣]", words["en"])
    assert all("CP-502101" in said for said in words.values())


def test_the_longest_message_fits_into_a_text_of_mysql() -> None:
    longest = _alert(kind=AlertKind.DEAD_LETTER, detail="🍩" * LONGEST_DETAIL)

    body = write_message([longest] * ALERTS_A_MESSAGE, shop="부" * 99, now=NOON_IN_KOREA)

    assert len(body.encode()) < MYSQL_TEXT_BYTES
