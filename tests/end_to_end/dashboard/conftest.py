"""A running shop and a browser, shared by the tests of this folder; a fresh page for each."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.end_to_end.dashboard.stack import Stack
from tests.end_to_end.dashboard.watched_page import PATIENCE_MILLISECONDS, WatchedPage
from tests.servers.local_aws import LocalAws

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless browser of the system's."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert program, f"none of these browsers is installed: {', '.join(BROWSERS)}"
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def open_page(stack: Stack, browser: Browser) -> Iterator[OpenPage]:
    """Makes pages of the dashboard in Seoul. In the end none may have complained."""
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
