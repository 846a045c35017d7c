"""Buying in the browser."""

import re

from playwright.sync_api import expect

from tests.end_to_end.dashboard.stack import Stack
from tests.end_to_end.dashboard.watched_page import WatchedPage


def test_buying_makes_the_stock_fall(page: WatchedPage, stack: Stack) -> None:
    page.open()
    card = page.card("CP-502102")
    expect(card).to_contain_text("판매 중 · 40")

    page.keyed("quantity_CP-502102").get_by_role("spinbutton").fill("2")
    page.click("buy_CP-502102")

    expect(page.toast("판매완료 · 초코 도너츠 2개")).to_be_visible()
    expect(card).to_contain_text("판매 중 · 38")
    assert stack.product("CP-502102")["on_hand"] == 38


def test_whoever_buys_the_last_one_and_the_next_sees_the_shelf_fill_again(page: WatchedPage) -> None:
    """The original's story: sold out, refused, ordered over SNS and SQS, produced, received."""
    page.open()
    card = page.card("CP-502101")
    page.keyed("quantity_CP-502101").get_by_role("spinbutton").fill("10")
    page.click("buy_CP-502101")
    expect(card).to_contain_text("품절 · 0")

    page.keyed("quantity_CP-502101").get_by_role("spinbutton").fill("1")
    page.click("buy_CP-502101")
    toast = page.toast("재고부족, 제품 생산 요청!")
    expect(toast).to_be_visible()
    number = re.search(r"RO-\d{4}", toast.inner_text())
    assert number

    page.page.get_by_role("link", name="보충 파이프라인").click()
    row = page.keyed(f"order_{number[0]}")
    expect(row).to_contain_text("부산도너츠 × 10")
    expect(row).to_contain_text("입고 완료")
    page.page.get_by_role("link", name="매장").click()
    expect(card).to_contain_text("판매 중 · 10")


def test_the_page_is_live_without_a_click(page: WatchedPage, stack: Stack) -> None:
    page.open()
    expect(page.card("CP-502105")).to_contain_text("판매 중 · 50")

    stack.call("POST", "/api/purchases", {"sku": "CP-502105", "quantity": 1})

    expect(page.card("CP-502105")).to_contain_text("판매 중 · 49")
    expect(page.page.get_by_text("찹쌀 꽈배기 1개 판매").first).to_be_visible()


def test_what_is_being_typed_survives_the_ticks(page: WatchedPage) -> None:
    """Three ticks go by over a number that was typed and not yet sent."""
    page.open()
    field = page.keyed("quantity_CP-502103").get_by_role("spinbutton")
    field.fill("")
    field.press_sequentially("17")
    shown = page.live_badge.inner_text()

    for _ in range(3):
        expect(page.live_badge).not_to_have_text(shown)
        shown = page.live_badge.inner_text()

    expect(field).to_have_value("17")
    expect(field).to_be_focused()
