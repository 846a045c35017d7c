"""A page in a browser that notices every console error and every request that leaves the machine."""

import re
import time
from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Error, Locator, Page, Request, WebSocket, expect

NETWORK_CHANGED = "ERR_NETWORK_CHANGED"
"""Chromium gives up what it is loading, from this machine too, when a network interface comes or goes: where
containers are started that happens at any time, and says nothing of the dashboard."""
NOWHERE = "about:blank"
AFTERMATH = "Failed to fetch dynamically imported module"
POLL_MILLISECONDS = 50
PATIENCE_MILLISECONDS = 60_000
BUSY_MACHINE_SECONDS = 300
"""in which a test, with the start of all programs, has to be through"""
REMEMBER_TOASTS = """
window.toasts = [];
new MutationObserver(() => {
  for (const toast of document.querySelectorAll('[data-testid=stToast]')) {
    if (!window.toasts.includes(toast.innerText)) window.toasts.push(toast.innerText);
  }
}).observe(document, {childList: true, subtree: true, characterData: true});
"""
"""A toast is gone after four seconds, and a busy machine may look away for so long."""
CHARTS_ARE_DRAWN = "() => [...document.querySelectorAll('.live-chart')].every((chart) => chart.dataset.drawn)"
OWN = re.compile(r"^(https?|wss?)://127\.0\.0\.1[:/]|^(data|blob|about):")


@dataclass
class WatchedPage:
    """A page of the dashboard and what happened in it."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    network_changed: bool = False

    def __post_init__(self) -> None:
        """Listen before the first request."""
        self._listeners = {
            "console": self._hear,
            "pageerror": self._note,
            "request": self._look,
            "websocket": self._look,
        }
        for event, listener in self._listeners.items():
            self.page.on(event, listener)  # type: ignore[call-overload]

    def leave(self) -> None:
        """End what the page does, and hear no more of it: the tab is another test's from now on."""
        self.page.goto(NOWHERE)
        for event, listener in self._listeners.items():
            self.page.remove_listener(event, listener)

    def open(self, page: str = "", *, language: str = "ko", **query: str) -> None:
        """Go to a page of the dashboard; returns when its live part was drawn, with its charts."""
        asked = "&".join(f"{name}={value}" for name, value in {"lang": language, **query}.items())
        self._load(f"{self.url}/{page}?{asked}")
        deadline = time.monotonic() + PATIENCE_MILLISECONDS / 1_000
        while self.network_changed or not self.live_badge.is_visible():
            assert time.monotonic() < deadline, f"/{page} was not drawn: {self.page.inner_text('body')[:500]}"
            if self.network_changed:
                self._load(f"{self.url}/{page}?{asked}")
            self.page.wait_for_timeout(POLL_MILLISECONDS)
        self.page.wait_for_function(CHARTS_ARE_DRAWN)

    def _load(self, address: str) -> None:
        self.network_changed = False
        try:
            self.page.goto(address)
        except Error as error:
            if NETWORK_CHANGED not in error.message:
                raise
            self.network_changed = True

    @property
    def live_badge(self) -> Locator:
        """What says that the page is live."""
        return self.page.get_by_text(re.compile(r"^(sensors)?\s*(실시간|Live) \d"))

    def keyed(self, key: str) -> Locator:
        """The element with this key in the dashboard's code."""
        return self.page.locator(f".st-key-{key}")

    def click(self, key: str) -> None:
        """Click the button with this key."""
        self.keyed(key).get_by_role("button").click()

    def card(self, sku: str) -> Locator:
        """The card of a product in the shop."""
        return self.keyed(f"card_{sku}")

    def be_in(self, scheme: str) -> None:
        """Have the system be light or dark from now on."""
        self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    def await_end_of_drawing(self) -> None:
        """Return when Streamlit draws nothing at this moment."""
        expect(self.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")

    def await_ticks(self, count: int) -> None:
        """Return when the page was drawn anew so many times."""
        for _ in range(count):
            expect(self.live_badge).not_to_have_text(self.live_badge.inner_text())

    def await_toast(self, text: str) -> str:
        """Return when a toast said this, with all that it said."""
        said = self.page.wait_for_function("text => window.toasts.find((toast) => toast.includes(text))", arg=text)
        return str(said.json_value())

    def _note(self, error: Error) -> None:
        self.complaints.append(f"error: {error}")

    def _hear(self, message: ConsoleMessage) -> None:
        self.network_changed = self.network_changed or NETWORK_CHANGED in message.text
        excused = self.network_changed and (NETWORK_CHANGED in message.text or AFTERMATH in message.text)
        if message.type == "error" and not excused:
            self.complaints.append(f"console: {message.text}")

    def _look(self, request: Request | WebSocket) -> None:
        if not OWN.match(request.url):
            self.complaints.append(f"left the machine: {request.url}")
