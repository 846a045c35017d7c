"""A page in a browser that notices every console error and every request that leaves the machine."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, WebSocket, expect

OWN = re.compile(r"^(https?|wss?)://127\.0\.0\.1[:/]|^(data|blob|about):")


@dataclass
class WatchedPage:
    """A page of the dashboard and what happened in it."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen before the first request."""
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("request", self._look)
        self.page.on("websocket", self._look)

    def open(self, page: str = "", *, language: str = "ko", **query: str) -> None:
        """Go to a page of the dashboard; returns when its live part was drawn."""
        asked = "&".join(f"{name}={value}" for name, value in {"lang": language, **query}.items())
        self.page.goto(f"{self.url}/{page}?{asked}")
        expect(self.live_badge).to_be_visible()

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

    def toast(self, text: str) -> Locator:
        """A toast with this text."""
        return self.page.get_by_test_id("stToast").filter(has_text=text)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

    def _look(self, request: Request | WebSocket) -> None:
        if not OWN.match(request.url):
            self.complaints.append(f"left the machine: {request.url}")
