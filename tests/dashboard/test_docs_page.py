"""API 문서 / API docs."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.dashboard.conftest import OpenPage
from tests.dashboard.fake_backend import FakeBackend, running_app


@pytest.fixture
def factory(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A factory that publishes a document; its URL."""
    app = Flask("factory")
    app.get("/openapi.json")(lambda: {"openapi": "3.1.0"})
    with running_app(app) as url:
        monkeypatch.setenv("FACTOAUTO_FACTORY_URL", url)
        yield url


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
