"""One id leads through every program's log, from the purchase to the delivery; and no log holds a secret."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3

from tests.servers.shop import Shop
from tests.servers.waiting import wait_until


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop whose log tells as much as it can."""
    started = Shop(tmp_path / "var")
    started.environment |= {"FACTOAUTO_LOG_LEVEL": "DEBUG", "FACTOAUTO_LEAD_TIME_SECONDS": "0.2"}
    started.start()
    yield started
    started.stop()


def test_a_purchase_can_be_followed_through_every_log_and_no_log_tells_a_secret(shop: Shop) -> None:
    words = [shop.buy() for _ in range(11)]
    assert words[-1] == "재고부족, 제품 생산 요청!"
    wait_until(lambda: shop.product()["on_hand"] == 10, seconds=60, what="the delivery")
    [order] = _get(shop, "/api/replenishments")["replenishments"]
    purchases = _get(shop, "/api/activity")["activity"]
    refused = next(one["reference"] for one in purchases if one["kind"] == "out_of_stock")

    lines = [line for line in _log_lines(shop) if line.get("correlation_id") == order["correlation_id"]]

    assert order["correlation_id"] == refused, "it is the purchase's own id"
    assert {"out of stock", "published", "ordered", "order_taken", "received"} <= {line["event"] for line in lines}
    printed = shop.process.output + "".join(file.read_text(encoding="utf-8") for file in _log_files(shop))
    for secret in ("operator_token", "callback_secrets"):
        assert (shop.folder / secret).read_text().strip() not in printed
    assert "signature=" not in printed


def _get(shop: Shop, path: str) -> Any:
    return urllib3.request("GET", f"{shop.url}{path}", retries=False).json()


def _log_files(shop: Shop) -> list[Path]:
    files = list((shop.folder / "logs").glob("*.log"))
    assert len(files) >= 4, "each program has its log"
    return files


def _log_lines(shop: Shop) -> list[dict[str, Any]]:
    lines = [line for file in _log_files(shop) for line in file.read_text(encoding="utf-8").splitlines()]
    return [json.loads(line) for line in lines if line.startswith("{")]
