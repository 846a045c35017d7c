"""The simulator in the browser."""

import pytest
from playwright.sync_api import expect

from tests.end_to_end.dashboard.stack import Stack
from tests.end_to_end.dashboard.watched_page import BUSY_MACHINE_SECONDS, WatchedPage

pytestmark = pytest.mark.timeout(BUSY_MACHINE_SECONDS)

SOMEBODY_CAME = "() => !/다녀간 손님\\s*0\\s/.test(document.body.innerText)"


def test_a_rush_hour_comes_and_goes(page: WatchedPage, stack: Stack) -> None:
    page.open("rush_hour")
    expect(page.page.get_by_text("시뮬레이터입니다.")).to_be_visible()

    page.click("start_rush")

    expect(page.page.get_by_text("시뮬레이션 중")).to_be_visible()
    page.page.wait_for_function(SOMEBODY_CAME)
    page.click("stop_rush")
    expect(page.page.get_by_text("시뮬레이션 중")).to_be_hidden()
    stack.wait_until_at_rest()


def test_a_fault_is_switched_from_the_page(page: WatchedPage, stack: Stack) -> None:
    page.open("rush_hour")

    page.page.get_by_text("중복: 콜백을 두 번 보냄", exact=True).click()

    page.await_toast("중복: 콜백을 두 번 보냄 켬")
    assert stack.call("GET", "/api/simulator/faults")["double_callback"] is not None
    page.page.get_by_text("중복: 콜백을 두 번 보냄", exact=True).click()
    page.await_toast("중복: 콜백을 두 번 보냄 끔")
    assert stack.call("GET", "/api/simulator/faults")["double_callback"] is None
