"""Restocking and looking back in the browser."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.end_to_end.dashboard.stack import Stack
from tests.end_to_end.dashboard.watched_page import BUSY_MACHINE_SECONDS, WatchedPage

pytestmark = pytest.mark.timeout(BUSY_MACHINE_SECONDS)

SHOWN = "element => element.querySelector('.live-chart').layout.xaxis.range.map(String)"
POINTS = "element => element.querySelector('.live-chart').data[0].x.length"
ZOOM = """element => {
  const chart = element.querySelector('.live-chart');
  const [from, to] = chart.layout.xaxis.range.map((text) => new Date(text).getTime());
  const at = (share) => new Date(from + (to - from) * share).toISOString().slice(0, 19).replace('T', ' ');
  return window.Plotly.relayout(chart, {'xaxis.range[0]': at(0.4), 'xaxis.range[1]': at(0.7)});
}"""
MORE_POINTS = "points => document.querySelector('.st-key-stock_chart .live-chart').data[0].x.length > points"


def test_restock_brings_the_ordered_quantity(page: WatchedPage, stack: Stack) -> None:
    page.open("warehouse", sku="CP-502103")
    before = stack.product("CP-502103")["on_hand"]

    field = page.keyed("restock_quantity_CP-502103").get_by_role("spinbutton")
    field.fill("48")
    field.press("Enter")
    page.click("restock")

    page.await_toast("딸기 크림 도너츠 48개 보충 주문")
    expect(page.page.get_by_text("+48")).to_be_visible()
    assert stack.product("CP-502103")["on_hand"] == before + 48


def test_an_adjustment_is_asked_about_and_stands_in_the_ledger(page: WatchedPage, stack: Stack) -> None:
    page.open("warehouse", sku="CP-502105")
    before = stack.product("CP-502105")["on_hand"]
    page.click("adjust")
    dialog = page.page.get_by_role("dialog")
    confirm = dialog.get_by_role("button", name="조정하기")
    expect(confirm).to_be_disabled()

    quantity = dialog.get_by_role("spinbutton")
    quantity.fill("-2")
    quantity.press("Enter")
    reason = dialog.get_by_role("textbox", name="사유")
    reason.fill("실사에서 2개 파손")
    reason.press("Enter")
    expect(dialog).to_contain_text(f"조정 후 재고: {before - 2}개")
    confirm.click()

    expect(dialog).to_be_hidden()
    page.await_toast("조정했습니다")
    newest = stack.call("GET", "/api/products/CP-502105/movements?limit=1")["movements"][0]
    assert (newest["quantity"], newest["kind"], newest["reason"]) == (-2, "adjustment", "실사에서 2개 파손")


def test_the_zoom_is_kept_while_data_arrive(page: WatchedPage, stack: Stack) -> None:
    page.open("warehouse", sku="CP-502102")
    chart = page.keyed("stock_chart")
    expect(chart.locator(".live-chart[data-drawn]")).to_be_visible()
    points = int(chart.evaluate(POINTS))
    chart.evaluate(ZOOM)
    zoomed: list[str] = chart.evaluate(SHOWN)

    stack.call("POST", "/api/purchases", {"sku": "CP-502102", "quantity": 1})
    page.page.wait_for_function(MORE_POINTS, arg=points)

    assert chart.evaluate(SHOWN) == zoomed


def test_the_ledger_can_be_taken_home(page: WatchedPage, tmp_path: Any) -> None:
    page.open("warehouse", sku="CP-502104")

    with page.page.expect_download() as download:
        page.page.get_by_role("link", name="전체 CSV 내려받기").click()

    file = tmp_path / "ledger.csv"
    download.value.save_as(file)
    assert download.value.suggested_filename == "CP-502104.csv"
    text = file.read_text(encoding="utf-8-sig")
    assert text.splitlines()[0].startswith("id,sku,quantity")
    assert "CP-502104" in text
