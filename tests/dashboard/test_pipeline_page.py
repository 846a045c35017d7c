"""보충 파이프라인 / Pipeline."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.conftest import OpenPage, find_again, lose
from tests.dashboard.fake_backend import FakeBackend
from tests.dashboard.fake_shop import FakeShop, now


@pytest.fixture
def dead_letter(shop: FakeShop) -> dict[str, Any]:
    """An order that failed four times."""
    return shop.order(
        "CP-502102",
        quantity=30,
        cause="restock",
        status="published",
        attempts=4,
        last_error="HTTP 503 from the factory",
        dead_lettered_at=now(minus_seconds=20),
    )


def _lines(app: AppTest) -> list[str]:
    """The orders' lines."""
    return [one.value for one in app.markdown if one.value.startswith("**RO") and "-badge[" in one.value]


def _text(app: AppTest) -> str:
    return " ".join(one.value for one in [*app.markdown, *app.caption])


def test_the_queue_is_told_in_four_numbers(backend: FakeBackend, shop: FakeShop, open_page: OpenPage) -> None:
    shop.queue = {"visible": 3, "in_flight": 1, "dead_letters": 2}

    app = open_page("pipeline")

    shown = {metric.label: (metric.value, metric.delta) for metric in app.metric}
    assert shown["대기 메시지"] == ("3", "")
    assert shown["DLQ"] == ("2", "확인 필요")
    assert shown["가장 오래된 메시지"] == ("없음", "")


def test_without_dead_letters_their_number_says_that_all_is_well(
    backend: FakeBackend, open_page: OpenPage
) -> None:
    shown = {metric.label: (metric.value, metric.delta) for metric in open_page("pipeline").metric}

    assert shown["DLQ"] == ("0", "이상 없음")


def test_without_the_queue_it_says_that_orders_are_safe(
    backend: FakeBackend, shop: FakeShop, open_page: OpenPage
) -> None:
    shop.queue = None

    app = open_page("pipeline")

    assert "SQS" in app.warning[0].value
    assert not app.error


def test_every_order_has_a_line_of_its_steps(backend: FakeBackend, shop: FakeShop, open_page: OpenPage) -> None:
    shop.order("CP-502101", quantity=10, cause="refused_purchase", status="received")
    shop.order("CP-502104", quantity=20, cause="reorder_point", status="ordered")
    shop.order("CP-502105", quantity=40, cause="restock", status="cancelled", cancelled_at=now())

    lines = _lines(open_page("pipeline"))

    assert "취소" in lines[0]
    assert lines[1].count("check_circle") == 2
    assert "주문 접수" in lines[1]
    assert lines[2].count("check_circle") == 4
    assert "**RO\\-0001** 부산도너츠 × 10" in lines[2]


def test_an_opened_order_tells_its_story(backend: FakeBackend, shop: FakeShop, open_page: OpenPage) -> None:
    order = shop.order("CP-502101", quantity=10, cause="refused_purchase", status="received")
    app = open_page("pipeline")
    assert "공장이 주문 접수" not in _text(app)

    app.button(key=f"details_{order['id']}").click().run()

    text = _text(app)
    assert "품절 구매 · 부족 1개" in text
    assert text.index("보충 요청") < text.index("SNS 발행") < text.index("공장이 주문 접수")


def test_only_what_is_under_way_when_asked(backend: FakeBackend, shop: FakeShop, open_page: OpenPage) -> None:
    shop.order("CP-502101", quantity=10, cause="restock", status="received")
    shop.order("CP-502102", quantity=30, cause="restock", status="ordered")
    app = open_page("pipeline")

    app.segmented_control(key="which_orders").set_value("only_open").run()

    assert len(_lines(app)) == 1
    assert "RO\\-0002" in _lines(app)[0]


def test_an_order_that_the_factory_does_not_have_can_be_cancelled_after_asking(
    backend: FakeBackend, shop: FakeShop, open_page: OpenPage
) -> None:
    order = shop.order("CP-502102", quantity=30, cause="restock", status="requested")
    app = open_page("pipeline")

    app.button(key=f"details_{order['id']}").click().run()
    app.button(key=f"cancel_{order['id']}").click().run()
    assert backend.changes() == []
    app.button(key="dialog_confirm").click().run()

    assert backend.changes() == [("POST", f"/api/replenishments/{order['id']}/cancel", {})]
    assert order["status"] == "cancelled"


@pytest.mark.parametrize("status", ["ordered", "partially_received"])
def test_an_order_that_the_factory_has_is_given_up_after_a_warning(
    backend: FakeBackend, shop: FakeShop, open_page: OpenPage, status: str
) -> None:
    order = shop.order("CP-502102", quantity=30, cause="restock", status=status)
    app = open_page("pipeline")

    app.button(key=f"details_{order['id']}").click().run()
    assert f"cancel_{order['id']}" not in [button.key for button in app.button]
    app.button(key=f"give_up_{order['id']}").click().run()
    assert backend.changes() == []
    assert "나중에 오는 납품은 거절" in _text(app)
    app.button(key="dialog_confirm").click().run()

    path = f"/api/replenishments/{order['id']}/cancel?although_ordered=true"
    assert backend.changes() == [("POST", path, {})]
    assert order["status"] == "cancelled"


def test_what_has_arrived_can_be_neither_cancelled_nor_given_up(
    backend: FakeBackend, shop: FakeShop, open_page: OpenPage
) -> None:
    order = shop.order("CP-502102", quantity=30, cause="restock", status="received")
    app = open_page("pipeline")

    app.button(key=f"details_{order['id']}").click().run()

    assert not {f"cancel_{order['id']}", f"give_up_{order['id']}"} & {button.key for button in app.button}


def test_a_dead_letter_tells_why_and_is_sent_again_after_asking(
    backend: FakeBackend, dead_letter: dict[str, Any], open_page: OpenPage
) -> None:
    app = open_page("pipeline")
    assert "HTTP 503 from the factory" in _text(app)
    assert "4번 시도" in _text(app)
    assert "실패" in _lines(app)[0]

    app.button(key=f"redrive_{dead_letter['id']}").click().run()
    assert backend.changes() == []
    assert "공장이 받으면 주문은 되돌릴 수 없습니다" in _text(app)
    app.button(key="dialog_confirm").click().run()

    redriven = {"replenishment_ids": [dead_letter["id"]]}
    assert backend.changes() == [("POST", "/api/queues/dead-letters/redrive", redriven)]
    assert app.toast[0].value == "1개를 다시 보냈습니다"
    assert "실패한 메시지가 없습니다" in _text(app)


def test_the_message_of_a_dead_letter_can_be_read(
    backend: FakeBackend, dead_letter: dict[str, Any], open_page: OpenPage
) -> None:
    assert json.loads(open_page("pipeline").json[0].value)["subject"] == "부산도너츠"


def test_all_dead_letters_are_sent_again_after_asking(
    backend: FakeBackend, shop: FakeShop, dead_letter: dict[str, Any], open_page: OpenPage
) -> None:
    shop.order("CP-502104", quantity=20, cause="restock", status="published", dead_lettered_at=now())
    app = open_page("pipeline")

    app.button(key="redrive_all").click().run()
    assert backend.changes() == []
    app.button(key="dialog_confirm").click().run()

    assert backend.changes() == [("POST", "/api/queues/dead-letters/redrive", {"replenishment_ids": None})]


def test_of_many_dead_letters_it_says_how_many_more_there_are(
    backend: FakeBackend, shop: FakeShop, open_page: OpenPage
) -> None:
    for _ in range(22):
        shop.order("CP-502104", quantity=20, cause="restock", status="published", dead_lettered_at=now())

    app = open_page("pipeline")

    assert len([button for button in app.button if str(button.key).startswith("redrive_0")]) == 20
    assert "그 밖에 2개가 더 있습니다." in _text(app)


def test_a_single_dead_letter_needs_no_button_for_all(
    backend: FakeBackend, dead_letter: dict[str, Any], open_page: OpenPage
) -> None:
    assert "redrive_all" not in [button.key for button in open_page("pipeline").button]


def test_a_dead_letter_whose_order_was_cancelled_is_told_of_and_cleared(
    backend: FakeBackend, shop: FakeShop, dead_letter: dict[str, Any], open_page: OpenPage
) -> None:
    """SQS has the message still; the database has no dead letter any more."""
    shop.queue = {"visible": 0, "in_flight": 0, "dead_letters": 1}
    dead_letter.update(status="cancelled", cancelled_at=now())
    app = open_page("pipeline")
    assert "DLQ에 이 목록에 없는 메시지가 1개 있습니다" in _text(app)
    assert "14일 뒤" in _text(app)
    assert "실패한 메시지가 없습니다" not in _text(app)

    app.button(key="redrive_all").click().run()
    assert "실패 메시지 1개를" in _text(app)
    app.button(key="dialog_confirm").click().run()

    assert backend.changes() == [("POST", "/api/queues/dead-letters/redrive", {"replenishment_ids": None})]
    assert app.toast[0].value == "1개를 다시 보냈습니다"
    assert "실패한 메시지가 없습니다" in _text(app)
    assert "redrive_all" not in [button.key for button in app.button]


def test_of_more_messages_than_dead_letters_it_says_how_many_are_not_explained(
    backend: FakeBackend, shop: FakeShop, dead_letter: dict[str, Any], open_page: OpenPage
) -> None:
    shop.queue = {"visible": 0, "in_flight": 0, "dead_letters": 3}

    app = open_page("pipeline")

    assert "DLQ에 이 목록에 없는 메시지가 2개 있습니다" in _text(app)
    app.button(key="redrive_all").click().run()
    assert "실패 메시지 3개를" in _text(app)


@pytest.mark.parametrize("dead_letters", [0, 1])
def test_a_message_that_the_list_explains_needs_no_words(
    backend: FakeBackend, shop: FakeShop, dead_letter: dict[str, Any], open_page: OpenPage, dead_letters: int
) -> None:
    """None counted: SQS counts late, or has lost it."""
    shop.queue = {"visible": 0, "in_flight": 0, "dead_letters": dead_letters}

    assert "이 목록에 없는" not in _text(open_page("pipeline"))


def test_an_empty_pipeline_says_what_to_do(backend: FakeBackend, open_page: OpenPage) -> None:
    text = _text(open_page("pipeline"))

    assert "아직 보충 주문이 없습니다" in text
    assert "실패한 메시지가 없습니다" in text


def test_more_orders_come_on_request(backend: FakeBackend, shop: FakeShop, open_page: OpenPage) -> None:
    for _ in range(15):
        shop.order("CP-502101", quantity=10, cause="restock", status="received")
    app = open_page("pipeline")
    assert len(_lines(app)) == 12

    app.button(key="more_orders").click().run()

    assert len(_lines(app)) == 15


def _numbers(app: AppTest) -> list[str]:
    """The orders that are listed; the rest of each line changes with the time."""
    return [line.split("**")[1] for line in _lines(app)]


def test_the_oldest_order_can_be_reached_and_the_newest_again(
    backend: FakeBackend, shop: FakeShop, open_page: OpenPage
) -> None:
    for _ in range(100):
        shop.order("CP-502101", quantity=10, cause="restock", status="received")
    app = open_page("pipeline")
    while "more_orders" in [button.key for button in app.button]:
        app.button(key="more_orders").click().run()
    newest = _numbers(app)
    assert len(newest) == 96

    app.button(key="older_orders").click().run()

    oldest = _numbers(app)
    assert len(oldest) == 4
    assert not set(oldest) & set(newest)

    app.button(key="newest_orders").click().run()

    assert _numbers(app) == newest[:12]
    assert "newest_orders" not in [button.key for button in app.button]


def test_in_english_the_pipeline_is_english(
    backend: FakeBackend, dead_letter: dict[str, Any], open_page: OpenPage
) -> None:
    app = open_page("pipeline", language="en")

    assert app.title[0].value == "Pipeline"
    assert "Failed" in _lines(app)[0]


def test_when_the_backend_goes_the_pipeline_stays_and_nothing_can_be_done(
    backend: FakeBackend, dead_letter: dict[str, Any], open_page: OpenPage
) -> None:
    app = open_page("pipeline")
    app.button(key=f"details_{dead_letter['id']}").click().run()
    lose(backend)

    app.run()

    assert "마지막 데이터" in app.error[0].value
    assert "실패" in _lines(app)[0]
    assert app.button(key=f"redrive_{dead_letter['id']}").disabled
    assert app.button(key=f"cancel_{dead_letter['id']}").disabled


def test_what_a_dialog_asks_cannot_be_confirmed_while_the_backend_is_gone(
    backend: FakeBackend, dead_letter: dict[str, Any], open_page: OpenPage
) -> None:
    app = open_page("pipeline")
    app.button(key=f"redrive_{dead_letter['id']}").click().run()
    assert not app.button(key="dialog_confirm").disabled

    lose(backend)
    app.run()
    assert app.button(key="dialog_confirm").disabled
    assert not app.button(key="dialog_keep").disabled

    find_again(backend)
    app.run()
    assert not app.button(key="dialog_confirm").disabled


@pytest.mark.usefixtures("backend")
def test_without_alerts_it_says_what_would_be_one(open_page: OpenPage) -> None:
    assert "지금은 확인할 것이 없습니다" in _text(open_page("pipeline"))


@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize(
    ("language", "words", "since"),
    [("ko", "재고가 원장과 다릅니다", "2시간 전"), ("en", "is not what its ledger says", "2 h ago")],
)
def test_what_is_wrong_is_told_in_the_viewers_language_and_since_when(
    shop: FakeShop, open_page: OpenPage, language: str, words: str, since: str
) -> None:
    shop.alert("drift", "CP-502102", korean="재고가 원장과 다릅니다", english="is not what its ledger says")
    shop.alert("overdue", "CP-502103", korean="늦어지고 있습니다", english="is overdue")

    app = open_page("pipeline", language=language)

    [shown] = [one.value for one in app.markdown if words in one.value]
    assert since in shown
    assert shown.count(":material/") == 2


@pytest.mark.usefixtures("backend")
def test_of_many_alerts_the_oldest_are_shown_and_the_others_counted(shop: FakeShop, open_page: OpenPage) -> None:
    for number in range(13):
        shop.alert("out_of_stock", f"CP-{number}", korean=f"품절 {number}", english=f"{number} is out")

    app = open_page("pipeline")

    [shown] = [one.value for one in app.markdown if "품절 0" in one.value]
    assert "품절 9" in shown
    assert "품절 10" not in shown
    assert "그 밖에 3개가 더 있습니다." in _text(app)
