"""What failed, and how it gets going again, in the browser."""

import pytest
from playwright.sync_api import expect

from tests.end_to_end.dashboard.stack import Stack
from tests.end_to_end.dashboard.watched_page import BUSY_MACHINE_SECONDS, WatchedPage

pytestmark = pytest.mark.timeout(BUSY_MACHINE_SECONDS)


def test_a_dead_letter_is_sent_again_and_received(page: WatchedPage, stack: Stack) -> None:
    stack.call("PUT", "/api/simulator/faults", {"refuse": {"status": 503}})
    order = stack.call("POST", "/api/products/CP-502104/restock", {"quantity": 20})
    number = order["number"]
    page.open("pipeline")
    row = page.keyed(f"order_{number}")
    expect(row).to_contain_text("팥 도너츠 × 20")
    page.click(f"details_{order['id']}")

    redrive = page.keyed(f"redrive_{order['id']}")
    expect(redrive).to_be_visible()  # after four attempts with their waits
    expect(row).to_contain_text("실패")
    expect(page.keyed(f"story_{order['id']}")).to_contain_text("DLQ로 이동")
    stack.call("PUT", "/api/simulator/faults", {})
    redrive.get_by_role("button").click()
    page.click("dialog_confirm")

    page.await_toast("1개를 다시 보냈습니다")
    expect(row).to_contain_text("입고 완료")
    expect(page.keyed(f"story_{order['id']}")).to_contain_text("공장이 주문 접수")
    assert stack.call("GET", "/api/queues/dead-letters")["dead_letters"] == []
