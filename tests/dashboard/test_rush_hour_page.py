"""러시아워 / Rush hour: the page."""

from collections.abc import Iterator

import pytest
import streamlit as st

from dashboard.simulator.customers import rush_hour
from dashboard.simulator.faults import end_of_faults
from tests.dashboard.conftest import OpenPage, find_again, lose
from tests.dashboard.fake_backend import FakeBackend
from tests.dashboard.fake_shop import FakeShop
from tests.servers.waiting import wait_until


@pytest.fixture(autouse=True)
def nobody_is_left() -> Iterator[None]:
    """Whoever still comes goes home, and no fault is waited for."""
    yield
    rush_hour().stop()
    rush_hour.cache_clear()
    end_of_faults().count_anew(any_on=False)
    end_of_faults.cache_clear()


def test_it_says_that_it_is_a_simulator(backend: FakeBackend, open_page: OpenPage) -> None:
    assert open_page("rush_hour").warning[0].value.startswith("시뮬레이터입니다.")


def test_unless_the_simulator_is_on_there_is_nothing_to_start(
    backend: FakeBackend, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACTOAUTO_SIMULATOR", "0")

    app = open_page("rush_hour")

    assert "FACTOAUTO_SIMULATOR" in app.info[0].value
    assert [button.key for button in app.button] == []


def test_customers_buy_what_the_mix_says_until_they_are_stopped(
    backend: FakeBackend, shop: FakeShop, open_page: OpenPage
) -> None:
    app = open_page("rush_hour")
    for sku in shop.products:
        app.slider(key=f"rush_weight_{sku}").set_value(10 if sku == "CP-502105" else 0)
    app.slider(key="rush_per_second").set_value(50).run()

    app.button(key="start_rush").click().run()
    wait_until(lambda: rush_hour().progress().sold >= 2, seconds=20, what="two customers to buy")
    app.button(key="stop_rush").click().run()

    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["남은 시간"] == "멈춤"
    assert int(shown["구매함"]) >= 2
    assert {body["sku"] for _, path, body in backend.changes() if path == "/api/purchases"} == {"CP-502105"}


def test_a_fault_is_switched_through_the_backend(
    backend: FakeBackend, shop: FakeShop, open_page: OpenPage
) -> None:
    shop.faults = {"refuse": None, "no_callback": {"times": None}}
    app = open_page("rush_hour")
    assert app.toggle(key="fault_lost").value

    app.toggle(key="fault_outage").set_value(True).run()

    assert shop.faults == {"no_callback": {"times": None}, "refuse": {"status": 503}}
    assert app.toggle(key="fault_outage").value
    assert app.toast[0].value == "중단: 주문을 503으로 거절 켬"


def test_what_somebody_else_switched_shows_here_too(
    backend: FakeBackend, shop: FakeShop, open_page: OpenPage
) -> None:
    app = open_page("rush_hour")
    assert not app.toggle(key="fault_slow").value
    shop.faults = {"slow_answer": {"seconds": 3.0}}
    st.cache_data.clear()

    app.run()
    assert app.toggle(key="fault_slow").value
    app.run()

    assert app.toggle(key="fault_slow").proto.default
    assert backend.changes() == []


def test_a_fault_that_could_not_be_switched_stays_as_it_is(
    backend: FakeBackend, shop: FakeShop, open_page: OpenPage
) -> None:
    app = open_page("rush_hour")
    backend.broken = True

    app.toggle(key="fault_outage").set_value(True).run()

    assert not app.toggle(key="fault_outage").value
    assert "거절됨" in app.toast[0].value


def test_a_fault_is_switched_off_again(backend: FakeBackend, shop: FakeShop, open_page: OpenPage) -> None:
    shop.faults = {"refuse": {"status": 503}}
    app = open_page("rush_hour")

    app.toggle(key="fault_outage").set_value(False).run()

    assert shop.faults == {}


def test_without_the_factory_the_switches_are_off(
    backend: FakeBackend, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACTOAUTO_OPERATOR_TOKEN", "not-the-token")

    app = open_page("rush_hour")

    assert app.toggle(key="fault_outage").disabled
    assert "Unauthorized" in " ".join(one.value for one in app.caption)


def test_nobody_can_be_sent_to_a_backend_that_is_gone(backend: FakeBackend, open_page: OpenPage) -> None:
    app = open_page("rush_hour")
    assert not app.button(key="start_rush").disabled

    lose(backend)
    app.run()
    assert "마지막 데이터" in app.error[0].value
    assert app.button(key="start_rush").disabled
    assert app.toggle(key="fault_outage").disabled
    assert not app.button(key="stop_rush").disabled

    find_again(backend)
    app.run()
    assert not app.error
    assert not app.button(key="start_rush").disabled
