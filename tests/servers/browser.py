"""A headless browser of the system's, which speaks to this machine only."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start the browser, and end it.

    While it is open Playwright runs an event loop in this thread: no second one can be opened beside it.
    """
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    assert program, f"none of these browsers is installed: {', '.join(PROGRAMS)}"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield running
        running.close()
