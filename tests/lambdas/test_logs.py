"""What the functions write to their logs: JSON lines and metrics; no body, no token, no signature."""

import json
import os
import subprocess
import sys
from types import ModuleType
from typing import Any

import pytest
import uuid_utils

from tests.integration.fake_factory import FakeFactory
from tests.integration.served import callback_path
from tests.integration.till import Till
from tests.lambdas.account import CALLBACK_SECRET, DASHBOARD_PASSWORD, OPERATOR_TOKEN, Account
from tests.lambdas.events import http_event, sqs_event
from tests.lambdas.tls_database import PASSWORD

BODY_MARK = "a-mark-in-the-body"
QUERY_MARK = "a-mark-in-the-query"


@pytest.fixture(scope="module")
def written(lambdas: ModuleType, account: Account, factory: FakeFactory) -> str:
    """All that a process prints for events that go well, that are refused, and that fail."""
    parts = lambdas.running.parts()
    till, sku = Till(parts.database, shop=parts.shop), f"CP-{uuid_utils.uuid4().hex[:12]}"
    till.open(sku, on_hand=1)
    order = till.restock(sku=sku).replenishment.id
    signed = callback_path(order, secret=CALLBACK_SECRET)
    factory.refuse(sku)
    operator = {"Authorization": f"Bearer {OPERATOR_TOKEN}"}
    record = {
        "MessageId": "one",
        "ReceiptHandle": "handle",
        "Body": json.dumps({"Message": BODY_MARK}),
        "Attributes": {"ApproximateReceiveCount": "1"},
        "MD5OfBody": "",
    }
    bought = {"MessageAttributeProductId": sku, "message": BODY_MARK}
    delivered = {"MessageAttributeProductCnt": 999, "note": BODY_MARK}
    events = [
        ("sale", http_event("POST", f"/send?{QUERY_MARK}", body=bought)),
        ("sale", http_event("POST", f"/send?{QUERY_MARK}", body=bought)),
        ("sale", http_event("POST", "/send", body=f'{{"cut": "{BODY_MARK}')),
        ("sale", http_event("POST", f"/api/products/{sku}/restock", body={}, headers=operator)),
        ("sweep", {"source": BODY_MARK}),
        ("stock_empty", sqs_event([record, *account.receive()])),
        ("stock_inc", http_event("POST", signed, body=delivered)),
        ("stock_inc", http_event("POST", signed, body={"MessageAttributeProductCnt": 10})),
        ("stock_inc", http_event("POST", signed + "x", body=delivered)),
        ("migrate", {"demo_shop": False, "note": BODY_MARK}),
    ]
    finished = subprocess.run(
        [sys.executable, "-m", "tests.lambdas.invoke"],
        input="\n".join(json.dumps(event) for event in events),
        env={**os.environ, **account.environment, "FACTOAUTO_LOG_LEVEL": "DEBUG"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout + finished.stderr


def _lines(written: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.splitlines() if line.startswith("{")]


def test_logs_and_metrics_hold_no_body_no_token_and_no_signature(written: str) -> None:
    unwanted = (
        BODY_MARK,
        QUERY_MARK,
        CALLBACK_SECRET,
        OPERATOR_TOKEN,
        DASHBOARD_PASSWORD,
        PASSWORD,
        "signature=",
        "Authorization",
    )

    assert [word for word in unwanted if word in written] == []


def test_every_line_is_json_and_those_of_an_event_name_its_request(written: str) -> None:
    lines = _lines(written)

    about_orders = [line for line in lines if "event" in line]
    assert len(lines) == len(written.splitlines())
    assert about_orders
    assert all("aws_request_id" in line for line in about_orders)


def test_failed_orders_and_cold_starts_are_counted(written: str) -> None:
    counted = {
        metric["Name"]
        for line in _lines(written)
        if "_aws" in line
        for directive in line["_aws"]["CloudWatchMetrics"]
        for metric in directive["Metrics"]
    }

    assert {"ColdStart", "FailedOrders", "PublishedShortages"} <= counted
