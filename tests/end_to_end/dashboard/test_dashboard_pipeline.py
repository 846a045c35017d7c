"""What failed, and how it gets going again, in the browser."""

from playwright.sync_api import expect

from tests.end_to_end.dashboard.stack import Stack
from tests.end_to_end.dashboard.watched_page import WatchedPage

DEAD_LETTER_MILLISECONDS = 60_000
"""four attempts with their waits"""


def test_a_dead_letter_is_sent_again_and_received(page: WatchedPage, stack: Stack) -> None:
    stack.call("PUT", "/api/simulator/faults", {"refuse": {"status": 503}})
    order = stack.call("POST", "/api/products/CP-502104/restock", {"quantity": 20})
    number = order["number"]
    page.open("pipeline")
    row = page.keyed(f"order_{number}")
    expect(row).to_contain_text("팥 도너츠 × 20")
    page.click(f"details_{order['id']}")

    redrive = page.keyed(f"redrive_{order['id']}")
    expect(redrive).to_be_visible(timeout=DEAD_LETTER_MILLISECONDS)
    expect(row).to_contain_text("실패")
    expect(page.keyed(f"story_{order['id']}")).to_contain_text("DLQ로 이동")
    stack.call("PUT", "/api/simulator/faults", {})
    redrive.get_by_role("button").click()

    expect(page.toast("1개를 다시 보냈습니다")).to_be_visible()
    expect(row).to_contain_text("입고 완료")
    expect(page.keyed(f"story_{order['id']}")).to_contain_text("공장이 주문 접수")
    assert stack.call("GET", "/api/queues/dead-letters")["dead_letters"] == []


def test_a_rush_hour_comes_and_goes(page: WatchedPage, stack: Stack) -> None:
    page.open("rush_hour")
    expect(page.page.get_by_text("시뮬레이터입니다.")).to_be_visible()

    page.click("start_rush")

    expect(page.page.get_by_text("시뮬레이션 중")).to_be_visible()
    page.page.wait_for_function("() => !/다녀간 손님\\s*0\\s/.test(document.body.innerText)")
    page.click("stop_rush")
    expect(page.page.get_by_text("시뮬레이션 중")).to_be_hidden()


def test_a_fault_is_switched_from_the_page(page: WatchedPage, stack: Stack) -> None:
    page.open("rush_hour")

    page.page.get_by_text("중복: 콜백을 두 번 보냄", exact=True).click()

    expect(page.toast("중복: 콜백을 두 번 보냄 켬")).to_be_visible()
    assert stack.call("GET", "/api/simulator/faults")["double_callback"] is not None
    page.page.get_by_text("중복: 콜백을 두 번 보냄", exact=True).click()
    expect(page.toast("중복: 콜백을 두 번 보냄 끔")).to_be_visible()
    assert stack.call("GET", "/api/simulator/faults")["double_callback"] is None
