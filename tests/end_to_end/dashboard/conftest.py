"""A running shop and a browser, shared by the tests of this folder; a fresh page for each."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.end_to_end.dashboard.stack import Stack
from tests.end_to_end.dashboard.watched_page import PATIENCE_MILLISECONDS, REMEMBER_TOASTS, WatchedPage
from tests.servers.browser import open_browser
from tests.servers.local_aws import LocalAws

OpenPage = Callable[..., WatchedPage]


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The running shop. Tests share it, and leave it at rest: nothing under way, and the factory well."""
    folder = tmp_path_factory.mktemp("dashboard-stack")
    aws = LocalAws.start(folder=folder)
    try:
        running = Stack.start(folder=folder, aws=aws)
        yield running
        running.stop()
    finally:
        aws.stop()


@pytest.fixture(scope="package")
def context() -> Iterator[BrowserContext]:
    """One browser in Seoul with one cache: Plotly is fetched and compiled once, and not for each test."""
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with open_browser() as browser:
        opened = browser.new_context(locale="ko-KR", timezone_id="Asia/Seoul")
        opened.set_default_timeout(PATIENCE_MILLISECONDS)
        opened.add_init_script(REMEMBER_TOASTS)
        yield opened
        opened.close()


@pytest.fixture(scope="package")
def tabs(context: BrowserContext) -> list[Page]:
    """Tabs of the browser where nothing is open. A new one compiles Streamlit and Plotly anew, for seconds."""
    return []


@pytest.fixture
def open_page(stack: Stack, context: BrowserContext, tabs: list[Page]) -> Iterator[OpenPage]:
    """Makes pages of the dashboard. In the end none may have complained."""
    pages: list[WatchedPage] = []

    def open_it(*, url: str = "", width: int = 1440, height: int = 900, scheme: str = "light") -> WatchedPage:
        page = tabs.pop() if tabs else context.new_page()
        page.bring_to_front()  # behind another tab it would be drawn once a second
        page.set_viewport_size({"width": width, "height": height})
        pages.append(WatchedPage(page=page, url=url or stack.url("dashboard")))
        pages[-1].be_in(scheme)
        return pages[-1]

    yield open_it
    stack.call("PUT", "/api/simulator/faults", {})
    for page in reversed(pages):
        page.leave()
        tabs.append(page.page)
    assert [page.complaints for page in pages if page.complaints] == []


@pytest.fixture
def page(open_page: OpenPage) -> WatchedPage:
    """One page, 1440 pixels wide and light."""
    return open_page()
