"""재고 / Warehouse."""

import pytest
import streamlit as st

from tests.dashboard.conftest import OpenPage
from tests.dashboard.fake_backend import FakeBackend
from tests.dashboard.fake_shop import FakeShop


def test_every_product_shows_its_stock_and_state(backend: FakeBackend, open_page: OpenPage) -> None:
    shown = {metric.label: (metric.value, metric.delta) for metric in open_page("warehouse").metric}

    assert shown["초코 도너츠"] == ("40", "판매 중")
    assert shown["딸기 크림 도너츠"] == ("8", "부족 임박")
    assert shown["팥 도너츠"] == ("0", "품절")


def test_the_chosen_product_tells_how_it_stands(backend: FakeBackend, open_page: OpenPage) -> None:
    app = open_page("warehouse", sku="CP-502102")

    shown = {metric.label: metric.value for metric in app.metric}
    assert (shown["예상 소진"], shown["리드타임"]) == ("26분", "3초")
    assert (shown["보충 기준선"], shown["주문 단위"], shown["입고 예정"]) == ("15", "30", "0")


def test_a_product_without_a_reorder_point_says_so(backend: FakeBackend, open_page: OpenPage) -> None:
    shown = {metric.label: metric.value for metric in open_page("warehouse").metric}

    assert shown["보충 기준선"] == "없음"


def test_the_chosen_product_and_window_are_remembered_in_the_url(
    backend: FakeBackend, open_page: OpenPage
) -> None:
    app = open_page("warehouse")

    app.segmented_control(key="chosen_sku").set_value("CP-502105").run()
    app.segmented_control(key="chosen_window").set_value(1_440).run()

    assert app.query_params["sku"] == "CP-502105"
    assert app.query_params["minutes"] == "1440"


def test_a_browser_that_draws_a_choice_only_after_a_tick_begins_with_what_is_chosen(
    backend: FakeBackend, open_page: OpenPage
) -> None:
    app = open_page("warehouse", sku="CP-502103", minutes="120")

    app.run()

    assert list(app.segmented_control(key="chosen_sku").proto.default) == [2]
    assert list(app.segmented_control(key="chosen_window").proto.default) == [2]


def test_a_product_that_is_gone_gives_way_to_another(
    backend: FakeBackend, shop: FakeShop, open_page: OpenPage
) -> None:
    app = open_page("warehouse", sku="CP-502103")
    del shop.products["CP-502103"]
    st.cache_data.clear()

    app.run()

    assert app.segmented_control(key="chosen_sku").value == "CP-502101"
    assert app.button(key="restock")


def test_a_longer_window_asks_for_as_much(backend: FakeBackend, open_page: OpenPage) -> None:
    open_page("warehouse", minutes="43200", sku="CP-502102")

    asked = [path for _, path, _, _ in backend.calls if "stock-history?sku=CP-502102" in path]
    assert asked
    assert "points=400" in asked[0]


def test_restock_orders_the_chosen_quantity_as_an_operator(backend: FakeBackend, open_page: OpenPage) -> None:
    app = open_page("warehouse", sku="CP-502102")

    app.number_input(key="restock_quantity_CP-502102").set_value(60)
    app.button(key="restock").click().run()

    assert backend.changes() == [("POST", "/api/products/CP-502102/restock", {"quantity": 60})]
    assert app.toast[0].value == "초코 도너츠 60개 보충 주문 · RO\\-0001"
    assert {metric.label: metric.value for metric in app.metric}["입고 예정"] == "60"


def test_the_reorder_rule_is_changed_in_a_dialog(
    backend: FakeBackend, shop: FakeShop, open_page: OpenPage
) -> None:
    app = open_page("warehouse")

    app.button(key="edit_policy").click().run()
    app.toggle[0].set_value(True).run()
    app.number_input(key="policy_point").set_value(4)
    app.number_input(key="policy_lot").set_value(12)
    app.button(key="dialog_confirm").click().run()

    assert backend.changes() == [("PATCH", "/api/products/CP-502101", {"reorder_point": 4, "lot_size": 12})]
    assert shop.products["CP-502101"]["reorder_point"] == 4


def test_an_adjustment_needs_a_quantity_and_a_reason(backend: FakeBackend, open_page: OpenPage) -> None:
    app = open_page("warehouse")

    app.button(key="adjust").click().run()
    assert app.button(key="dialog_confirm").disabled
    app.number_input(key="adjust_quantity").set_value(-2).run()
    assert app.button(key="dialog_confirm").disabled
    app.text_input(key="adjust_reason").set_value("두 개 파손").run()
    app.button(key="dialog_confirm").click().run()

    change = ("POST", "/api/products/CP-502101/adjustments", {"quantity": -2, "reason": "두 개 파손"})
    assert backend.changes() == [change]


def test_more_than_there_is_cannot_be_taken_away(backend: FakeBackend, open_page: OpenPage) -> None:
    app = open_page("warehouse")

    app.button(key="adjust").click().run()
    app.number_input(key="adjust_quantity").set_value(-11).run()
    app.text_input(key="adjust_reason").set_value("모두").run()

    assert app.button(key="dialog_confirm").disabled


def test_what_is_sold_while_an_adjustment_is_asked_for_counts(
    backend: FakeBackend, shop: FakeShop, open_page: OpenPage
) -> None:
    app = open_page("warehouse")
    app.button(key="adjust").click().run()
    shop.move("CP-502101", quantity=-4, kind="sale")
    st.cache_data.clear()

    app.number_input(key="adjust_quantity").set_value(-1).run()

    assert "조정 후 재고: 5개" in [one.value for one in app.caption]


def test_whoever_thinks_better_of_it_changes_nothing(backend: FakeBackend, open_page: OpenPage) -> None:
    app = open_page("warehouse")

    app.button(key="adjust").click().run()
    app.button(key="dialog_keep").click().run()

    assert backend.changes() == []
    assert "dialog_confirm" not in [button.key for button in app.button]


def test_the_ledger_lists_what_moved_and_why(backend: FakeBackend, shop: FakeShop, open_page: OpenPage) -> None:
    shop.move("CP-502101", quantity=-1, kind="sale")
    shop.move("CP-502101", quantity=3, kind="adjustment", reason="실사")

    ledger = open_page("warehouse").dataframe[0].value

    assert list(ledger["종류"]) == ["조정", "판매"]
    assert list(ledger["수량"]) == [3, -1]
    assert list(ledger["사유"]) == ["실사", ""]


def test_without_movements_the_ledger_says_so(backend: FakeBackend, open_page: OpenPage) -> None:
    assert "아직 움직임이 없습니다." in [one.value for one in open_page("warehouse").caption]


def test_the_latest_deliveries_are_listed(backend: FakeBackend, shop: FakeShop, open_page: OpenPage) -> None:
    shop.order("CP-502101", quantity=10, cause="restock", status="received")

    text = " ".join(one.value for one in open_page("warehouse").markdown)

    assert ":green-badge[+10] RO\\-0001" in text


def test_without_a_token_operators_work_is_off_and_says_why(
    backend: FakeBackend, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FACTOAUTO_OPERATOR_TOKEN")

    app = open_page("warehouse")

    assert app.button(key="restock").disabled
    assert "FACTOAUTO_OPERATOR_TOKEN" in " ".join(one.value for one in app.caption)


def test_when_the_backend_goes_nothing_can_be_ordered(backend: FakeBackend, open_page: OpenPage) -> None:
    app = open_page("warehouse")
    backend.broken = True
    st.cache_data.clear()

    app.run()

    assert app.button(key="restock").disabled
    assert app.error


def test_a_refusal_is_told_in_the_backends_words(
    backend: FakeBackend, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACTOAUTO_OPERATOR_TOKEN", "not-the-token")
    app = open_page("warehouse")

    app.button(key="restock").click().run()

    assert app.toast[0].value == "거절됨: token"


def test_many_products_are_chosen_from_a_list(backend: FakeBackend, shop: FakeShop, open_page: OpenPage) -> None:
    for number in range(3):
        shop.add_product(f"X-{number}", f"도너츠 {number}", "", 1_000, 5, None, 10)

    app = open_page("warehouse")

    app.selectbox(key="chosen_sku").set_value("X-2").run()
    assert app.query_params["sku"] == "X-2"


def test_the_shelves_of_many_products_come_in_pages_of_ten(
    backend: FakeBackend, shop: FakeShop, open_page: OpenPage
) -> None:
    for number in range(8):
        shop.add_product(f"X-{number}", f"도너츠 {number}", "", 1_000, 5, None, 10)
    app = open_page("warehouse")
    assert "도너츠 7" not in [metric.label for metric in app.metric]

    app.pagination(key="product_page").set_value(2).run()

    assert [metric.label for metric in app.metric][:3] == ["도너츠 5", "도너츠 6", "도너츠 7"]
    assert "/api/stock-history?sku=X-5&sku=X-6&sku=X-7&points=100" in [path for _, path, *_ in backend.calls]
