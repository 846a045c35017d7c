"""매장 / Shop."""

import pytest
import streamlit as st

from tests.dashboard.conftest import OpenPage
from tests.dashboard.fake_backend import FakeBackend
from tests.dashboard.fake_shop import FakeShop


def test_the_shop_shows_what_was_earned_and_what_is_short(backend: FakeBackend, open_page: OpenPage) -> None:
    app = open_page()

    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["최근 1시간 매출"] == "₩99만"
    assert shown["판매 수량"] == "450"
    assert shown["놓친 판매 10개"] == "₩2.2만"
    assert shown["부족 상품"] == "2 / 5"


def test_every_product_has_a_card_with_its_state(backend: FakeBackend, open_page: OpenPage) -> None:
    text = " ".join(one.value for one in open_page().markdown)

    assert "부산도너츠" in text
    assert ":green-badge[:material/check: 판매 중 · 10]" in text
    assert ":orange-badge[:material/trending_down: 부족 임박 · 8]" in text
    assert ":red-badge[:material/block: 품절 · 0]" in text


def test_a_click_on_buy_is_one_purchase_with_a_key(
    backend: FakeBackend, shop: FakeShop, open_page: OpenPage
) -> None:
    app = open_page()

    app.number_input(key="quantity_CP-502102").set_value(3)
    app.button(key="buy_CP-502102").click().run()
    app.run()

    bought = [call for call in backend.calls if call[0] == "POST"]
    assert [body for _, _, body, _ in bought] == [{"sku": "CP-502102", "quantity": 3}]
    assert len(bought[0][3]["Idempotency-Key"]) == 36
    assert shop.products["CP-502102"]["on_hand"] == 37


def test_the_toast_is_the_backends_own_message(backend: FakeBackend, open_page: OpenPage) -> None:
    app = open_page().button(key="buy_CP-502101").click().run()

    assert [toast.value for toast in app.toast] == ["판매완료 · 부산도너츠 1개"]
    assert "판매 중 · 9]" in " ".join(one.value for one in app.markdown)


def test_a_purchase_of_what_is_not_there_says_which_order_was_made(
    backend: FakeBackend, open_page: OpenPage
) -> None:
    app = open_page().button(key="buy_CP-502104").click().run()

    assert [toast.value for toast in app.toast] == ["재고부족, 제품 생산 요청\\! · 팥 도너츠 · RO\\-0001"]


def test_two_clicks_are_two_purchases(backend: FakeBackend, open_page: OpenPage) -> None:
    app = open_page()

    app.button(key="buy_CP-502101").click().run()
    app.button(key="buy_CP-502101").click().run()

    keys = [headers["Idempotency-Key"] for method, _, _, headers in backend.calls if method == "POST"]
    assert len(keys) == len(set(keys)) == 2


def test_an_empty_shop_says_what_to_do(backend: FakeBackend, shop: FakeShop, open_page: OpenPage) -> None:
    shop.products.clear()

    app = open_page()

    assert "factoauto seed" in app.info[0].value


def test_without_sales_and_activity_it_says_so_calmly(
    backend: FakeBackend, shop: FakeShop, open_page: OpenPage
) -> None:
    shop.sales_per_minute = 0

    captions = " ".join(one.value for one in open_page().caption)

    assert "최근 30분 동안 판매가 없습니다" in captions
    assert "아직 활동이 없습니다" in captions


def test_a_name_is_shown_as_it_is_and_not_as_markup(
    backend: FakeBackend, shop: FakeShop, open_page: OpenPage
) -> None:
    shop.add_product("X-1", "**<b>$1$", "[click](http://example.com)", 100, 3, None, 10)

    text = " ".join(one.value for one in open_page().markdown)

    assert r"\*\*\<b\>\$1\$" in text


def test_many_products_come_in_pages_of_ten(backend: FakeBackend, shop: FakeShop, open_page: OpenPage) -> None:
    for number in range(8):
        shop.add_product(f"X-{number}", f"도너츠 {number}", "", 1_000, 5, None, 10)
    app = open_page()

    assert len(app.number_input) == 10
    app.pagination(key="product_page").set_value(2).run()
    assert len(app.number_input) == 3


@pytest.mark.usefixtures("no_backend")
def test_without_a_backend_from_the_start_it_says_so_and_waits(open_page: OpenPage) -> None:
    app = open_page()

    assert app.error[0].value.startswith("백엔드에 연결할 수 없습니다.")
    assert not app.button


def test_when_the_backend_goes_the_last_data_stay_and_buttons_are_off(
    backend: FakeBackend, open_page: OpenPage
) -> None:
    app = open_page()
    backend.broken = True
    st.cache_data.clear()

    app.run()

    assert "마지막 데이터" in app.error[0].value
    assert app.metric[1].value == "450"
    assert all(button.disabled for button in app.button)


def test_when_the_backend_is_back_the_banner_goes(backend: FakeBackend, open_page: OpenPage) -> None:
    app = open_page()
    backend.broken = True
    st.cache_data.clear()
    app.run()
    backend.broken = False
    st.cache_data.clear()

    app.run()

    assert not app.error
    assert not any(button.disabled for button in app.button)


def test_in_english_everything_is_english(backend: FakeBackend, open_page: OpenPage) -> None:
    app = open_page(language="en")

    assert app.title[0].value == "Shop"
    assert "Chocolate donut" in " ".join(one.value for one in app.markdown)
    assert {metric.label for metric in app.metric} >= {"Revenue, last hour", "Units sold", "Lost sales (10)"}


@pytest.mark.usefixtures("no_backend")
def test_until_there_are_data_grey_blocks_hold_their_place(open_page: OpenPage) -> None:
    assert len(open_page().get("skeleton")) == 3


def test_once_there_are_data_no_grey_block_is_left(backend: FakeBackend, open_page: OpenPage) -> None:
    assert not open_page().get("skeleton")


def test_an_address_that_is_sent_once_more_does_not_undo_the_language_just_chosen(open_page: OpenPage) -> None:
    app = open_page()
    assert [title.value for title in app.title] == ["매장"]

    app.button_group(key="language_switch").set_value("en").run()
    app.query_params["lang"] = "ko"
    app.run()

    assert [title.value for title in app.title] == ["Shop"]
