"""Buying in the browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.end_to_end.dashboard.stack import Stack
from tests.end_to_end.dashboard.watched_page import BUSY_MACHINE_SECONDS, WatchedPage

BE_BUSY = """() => {
  const busy = (time) => { const end = performance.now() + time; while (performance.now() < end); };
  setTimeout(busy, 0, 2000);  // a tick is due meanwhile, and the key that is pressed waits
  setTimeout(busy, 1990, 1000);  // after the key and the tick, before the click is sent
}"""

pytestmark = pytest.mark.timeout(BUSY_MACHINE_SECONDS)


def test_buying_makes_the_stock_fall(page: WatchedPage, stack: Stack) -> None:
    before = stack.product("CP-502102")["on_hand"]
    page.open()
    card = page.card("CP-502102")
    expect(card).to_contain_text(f"판매 중 · {before}")

    page.keyed("quantity_CP-502102").get_by_role("spinbutton").fill("2")
    page.click("buy_CP-502102")

    page.await_toast("판매완료 · 초코 도너츠 2개")
    expect(card).to_contain_text(f"판매 중 · {before - 2}")
    assert stack.product("CP-502102")["on_hand"] == before - 2


def test_one_click_is_one_purchase_when_a_tick_comes_between(page: WatchedPage, stack: Stack) -> None:
    """A busy browser handles the click first and then the tick that was due, before the click is sent."""
    before = stack.product("CP-502102")["on_hand"]
    page.open()

    page.keyed("buy_CP-502102").get_by_role("button").focus()
    page.page.evaluate(BE_BUSY)
    page.page.keyboard.press("Enter")

    page.await_toast("판매완료 · 초코 도너츠 1개")
    page.await_ticks(2)
    assert stack.product("CP-502102")["on_hand"] == before - 1


def test_whoever_buys_the_last_one_and_the_next_sees_the_shelf_fill_again(page: WatchedPage, stack: Stack) -> None:
    """The original's story: sold out, refused, ordered over SNS and SQS, produced, received."""
    before = stack.product("CP-502101")["on_hand"]
    page.open()
    card = page.card("CP-502101")
    page.keyed("quantity_CP-502101").get_by_role("spinbutton").fill(str(before))
    page.click("buy_CP-502101")
    expect(card).to_contain_text("품절 · 0")

    page.keyed("quantity_CP-502101").get_by_role("spinbutton").fill("1")
    page.click("buy_CP-502101")
    number = re.search(r"RO-\d{4}", page.await_toast("재고부족, 제품 생산 요청!"))
    assert number

    page.page.get_by_role("link", name="보충 파이프라인").click()
    row = page.keyed(f"order_{number[0]}")
    expect(row).to_contain_text("부산도너츠 × 10")
    expect(row).to_contain_text("입고 완료")
    page.page.get_by_role("link", name="매장").click()
    expect(card).to_contain_text("판매 중 · 10")


def test_the_page_is_live_without_a_click(page: WatchedPage, stack: Stack) -> None:
    before = stack.product("CP-502105")["on_hand"]
    page.open()
    expect(page.card("CP-502105")).to_contain_text(f"판매 중 · {before}")

    stack.call("POST", "/api/purchases", {"sku": "CP-502105", "quantity": 1})

    expect(page.card("CP-502105")).to_contain_text(f"판매 중 · {before - 1}")
    expect(page.page.get_by_text("찹쌀 꽈배기 1개 판매").first).to_be_visible()


def test_what_is_being_typed_survives_the_ticks(page: WatchedPage) -> None:
    """Three ticks go by over a number that was typed and not yet sent."""
    page.open()
    field = page.keyed("quantity_CP-502103").get_by_role("spinbutton")
    field.fill("")
    field.press_sequentially("17")

    page.await_ticks(3)

    expect(field).to_have_value("17")
    expect(field).to_be_focused()
