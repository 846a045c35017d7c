"""API 문서 / API docs."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from streamlit.testing.v1 import AppTest

from tests.dashboard.conftest import OpenPage, find_again, lose
from tests.dashboard.fake_backend import FakeBackend, running_app


@pytest.fixture
def factory(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A factory that publishes a document; its URL."""
    app = Flask("factory")
    app.get("/openapi.json")(lambda: {"openapi": "3.1.0"})
    with running_app(app) as url:
        monkeypatch.setenv("FACTOAUTO_FACTORY_URL", url)
        yield url


def _badge(app: AppTest) -> str:
    """What the page's head says of the connection."""
    return next(one.value for one in app.markdown if "-badge[" in one.value)


def test_the_factorys_document_is_shown_in_a_frame(
    backend: FakeBackend, factory: str, open_page: OpenPage
) -> None:
    app = open_page("docs")

    frame = app.get("iframe")[0].proto
    assert frame.src == f"{factory}/docs"
    assert frame.alt == "공장 API 문서"


def test_both_files_and_the_document_in_a_new_tab_are_a_click_away(
    backend: FakeBackend, factory: str, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACTOAUTO_FACTORY_PUBLIC_URL", "http://factory.example")

    app = open_page("docs")

    urls = [button.proto.url for button in app.link_button]
    assert urls == [
        "http://factory.example/openapi.json",
        f"{backend.url}/openapi.json",
        "http://factory.example/docs",
    ]


@pytest.mark.usefixtures("backend")
def test_the_factorys_document_may_be_published_by_another_server(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which the dashboard may not reach, as on AWS: it shows it without asking."""
    monkeypatch.setenv("FACTOAUTO_FACTORY_DOCUMENT_URL", "http://127.0.0.1:9/redoc/factory/")

    app = open_page("docs")

    assert app.get("iframe")[0].proto.src == "http://127.0.0.1:9/redoc/factory/"
    assert app.link_button[0].proto.url == "http://127.0.0.1:9/redoc/factory/openapi.json"


def test_the_shops_document_is_beside_it(backend: FakeBackend, factory: str, open_page: OpenPage) -> None:
    app = open_page("docs")

    app.segmented_control(key="document").set_value("shop_document").run()

    assert app.query_params["document"] == "shop_document"
    assert app.link_button[-1].proto.url == f"{backend.url}/docs"


@pytest.mark.usefixtures("no_backend")
def test_without_the_factory_it_says_so_and_waits(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTOAUTO_FACTORY_URL", "http://127.0.0.1:9")

    app = open_page("docs")

    assert "자동으로 표시합니다" in app.info[0].value
    assert not app.get("iframe")


def test_without_the_backend_it_does_not_call_itself_live_and_the_factorys_document_stays(
    backend: FakeBackend, factory: str, open_page: OpenPage
) -> None:
    app = open_page("docs")
    assert "실시간" in _badge(app)

    lose(backend)
    app.run()
    assert "연결 끊김" in _badge(app)
    assert re.search(r"마지막 정상 응답 .*\d\d:\d\d:\d\d", app.error[0].value)
    assert app.get("iframe")

    find_again(backend)
    app.run()
    assert "실시간" in _badge(app)
    assert not app.error


@pytest.mark.usefixtures("no_backend")
def test_without_a_backend_from_the_start_it_says_so(factory: str, open_page: OpenPage) -> None:
    app = open_page("docs")

    assert "마지막 정상 응답 –" in app.error[0].value
    assert app.get("iframe")


def test_without_the_factory_the_shop_is_live_all_the_same(
    backend: FakeBackend, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACTOAUTO_FACTORY_URL", "http://127.0.0.1:9")

    app = open_page("docs")

    assert "실시간" in _badge(app)
    assert "자동으로 표시합니다" in app.info[0].value
