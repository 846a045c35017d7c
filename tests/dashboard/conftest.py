"""A fake backend, and the dashboard's pages run against it without a browser."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard import client, settings
from tests.dashboard.fake_backend import TOKEN, FakeBackend
from tests.dashboard.fake_shop import FakeShop
from tests.servers.ports import free_port

MAIN = Path(__file__).parents[2] / "dashboard" / "pages" / "main.py"
OpenPage = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def fresh_process() -> Iterator[None]:
    """Forget what earlier tests read: settings, connections, answers."""
    yield
    settings.load.cache_clear()
    client.client.cache_clear()
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def shop() -> FakeShop:
    """What the fake backend sells; a test may change it at any time."""
    return FakeShop.with_catalogue()


@pytest.fixture
def backend(shop: FakeShop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeBackend]:
    """A running fake backend that the dashboard is pointed at, with the operator's token."""
    monkeypatch.setenv("FACTOAUTO_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("FACTOAUTO_OPERATOR_TOKEN", TOKEN)
    monkeypatch.setenv("FACTOAUTO_SIMULATOR", "1")
    with FakeBackend(shop).running() as running:
        monkeypatch.setenv("FACTOAUTO_BACKEND_URL", running.url)
        yield running


@pytest.fixture
def no_backend(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The dashboard is pointed at a port where nobody listens."""
    monkeypatch.setenv("FACTOAUTO_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("FACTOAUTO_BACKEND_URL", f"http://127.0.0.1:{free_port()}")


def lose(backend: FakeBackend) -> None:
    """Have the backend answer nothing good any more, and the dashboard notice it with its next look."""
    backend.broken = True
    st.cache_data.clear()


def find_again(backend: FakeBackend) -> None:
    """Undo it."""
    backend.broken = False
    st.cache_data.clear()


@pytest.fixture
def open_page() -> OpenPage:
    """Opens a page by the name of its module, in Korean unless told otherwise, and runs it once.

    The shop comes with the frame around all pages; the others by themselves.
    """

    def open_it(page: str = "shop", *, language: str = "ko", **query: str) -> AppTest:
        one_page = f"from dashboard.pages import {page}\n{page}.show()"
        app = AppTest.from_file(MAIN) if page == "shop" else AppTest.from_string(one_page)
        app.default_timeout = 15
        app.query_params["lang"] = language
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception, app.exception
        return app

    return open_it
