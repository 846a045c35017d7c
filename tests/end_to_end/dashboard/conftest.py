"""A running shop and a browser, shared by the tests of this folder; a fresh page for each."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.end_to_end.dashboard.stack import Stack
from tests.end_to_end.dashboard.watched_page import PATIENCE_MILLISECONDS, WatchedPage
from tests.servers.local_aws import LocalAws

OpenPage = Callable[..., WatchedPage]


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The running shop. Tests share it: each has a product of its own, and leaves the factory well."""
    folder = tmp_path_factory.mktemp("dashboard-stack")
    aws = LocalAws.start(folder=folder)
    try:
        running = Stack.start(folder=folder, aws=aws)
        yield running
        running.stop()
    finally:
        aws.stop()


@pytest.fixture
def open_page(stack: Stack, browser: Browser) -> Iterator[OpenPage]:
    """Makes pages of the dashboard in Seoul. In the end none may have complained."""
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    contexts: list[BrowserContext] = []
    pages: list[WatchedPage] = []

    def open_it(*, url: str = "", width: int = 1440, height: int = 900, scheme: str = "light") -> WatchedPage:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            locale="ko-KR",
            timezone_id="Asia/Seoul",
        )
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        contexts.append(context)
        pages.append(WatchedPage(page=context.new_page(), url=url or stack.url("dashboard")))
        return pages[-1]

    yield open_it
    for context in contexts:
        context.close()
    assert [page.complaints for page in pages if page.complaints] == []


@pytest.fixture
def page(open_page: OpenPage) -> WatchedPage:
    """One page, 1440 pixels wide and light."""
    return open_page()
