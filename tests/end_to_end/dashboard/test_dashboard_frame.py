"""What holds on every page: language, light and dark, a telephone, an outage, the door."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end.dashboard.conftest import OpenPage
from tests.end_to_end.dashboard.stack import Stack
from tests.end_to_end.dashboard.watched_page import BUSY_MACHINE_SECONDS, PATIENCE_MILLISECONDS, WatchedPage
from tests.servers.ports import free_port
from tests.servers.waiting import wait_until

pytestmark = pytest.mark.timeout(BUSY_MACHINE_SECONDS)

PAGES = {"": "light", "warehouse": "dark", "pipeline": "light", "docs": "dark", "rush_hour": "light"}
"""What is opened, and how the system is when it is: in the test it becomes the other."""
BRIGHTNESS = {"light": range(600, 766), "dark": range(200)}
PASSWORD = "open sesame"
HOUR_MINUTES, DAY_MINUTES = 60, 24 * 60


def _background(page: Page) -> int:
    """How bright the page is, from 0 to 765."""
    color = page.get_by_test_id("stApp").evaluate("element => getComputedStyle(element).backgroundColor")
    return sum(int(part) for part in re.findall(r"\d+", color)[:3])


def _minutes(clock: str) -> int:
    """The minutes of the day at this time, ``HH:MM:SS``."""
    hour, minute = clock.split(":")[:2]
    return int(hour) * HOUR_MINUTES + int(minute)


def _overflow(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    return int(page.get_by_test_id("stMain").evaluate("element => element.scrollWidth - element.clientWidth"))


def test_the_language_is_switched_and_stays_in_the_url(page: WatchedPage) -> None:
    page.open()
    expect(page.page.get_by_role("heading", name="매장")).to_be_visible()

    page.page.get_by_role("radio", name="EN", exact=True).click()

    expect(page.page.get_by_role("heading", name="Shop")).to_be_visible()
    expect(page.page).to_have_url(re.compile("lang=en"))
    page.page.get_by_role("link", name="Warehouse").click()
    expect(page.page.get_by_role("heading", name="Warehouse")).to_be_visible()
    expect(page.page).to_have_url(re.compile("/warehouse.*lang=en"))
    page.page.reload()
    expect(page.page.get_by_role("heading", name="Warehouse")).to_be_visible()


@pytest.mark.parametrize(("name", "scheme"), PAGES.items())
def test_every_page_fits_a_telephone_and_is_light_or_dark_as_the_system_is(
    open_page: OpenPage, name: str, scheme: str
) -> None:
    """One thing after the other on one open page: to open it anew for each takes seconds, and proves no more."""
    page = open_page(width=390, height=844, scheme=scheme)

    page.open(name)

    assert _overflow(page.page) <= 0
    assert _background(page.page) in BRIGHTNESS[scheme]

    other = "light" if scheme == "dark" else "dark"
    page.be_in(other)
    wait_until(
        lambda: _background(page.page) in BRIGHTNESS[other],
        seconds=PATIENCE_MILLISECONDS / 1_000,
        what=f"the page to be {other}",
    )

    page.page.get_by_role("radio", name="EN", exact=True).click()
    expect(page.page.get_by_text(re.compile(r"Live \d"))).to_be_visible()
    page.await_end_of_drawing()
    assert _overflow(page.page) <= 0

    page.page.set_viewport_size({"width": 1440, "height": 900})
    assert _overflow(page.page) <= 0


def test_times_are_those_of_the_viewer(page: WatchedPage) -> None:
    page.open()

    shown = _minutes(page.live_badge.inner_text().split()[-1])
    seoul = _minutes(page.page.evaluate("new Date().toLocaleTimeString('en-GB', {timeZone: 'Asia/Seoul'})"))

    assert (seoul - shown) % DAY_MINUTES < HOUR_MINUTES


def test_the_document_of_the_factory_is_shown(page: WatchedPage) -> None:
    page.open("docs")

    frame = page.page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="부산도너츠 공장 API").first).to_be_visible()


def test_a_killed_backend_is_told_and_its_return_too(open_page: OpenPage, stack: Stack) -> None:
    """The last data stay, nothing can be bought or confirmed, and all is well again without a click."""
    asking = open_page()
    asking.open("warehouse")
    asking.click("edit_policy")
    confirm = asking.keyed("dialog_confirm").get_by_role("button")
    expect(confirm).to_be_enabled()
    page = open_page()
    page.open()
    expect(page.card("CP-502105")).to_contain_text("판매 중")
    buy = page.keyed("buy_CP-502105").get_by_role("button")

    stack.processes["backend"].kill()
    try:
        expect(page.page.get_by_text("백엔드에 연결할 수 없습니다.")).to_be_visible()
        expect(page.page.get_by_text("연결 끊김")).to_be_visible()
        expect(buy).to_be_disabled()
        expect(confirm).to_be_disabled()
        expect(page.card("CP-502105")).to_contain_text("판매 중")
    finally:
        stack.launch("backend")
        stack.wait_until_ready("backend")

    expect(page.live_badge).to_be_visible()
    expect(page.page.get_by_text("백엔드에 연결할 수 없습니다.")).to_be_hidden()
    expect(buy).to_be_enabled()
    expect(confirm).to_be_enabled()


@pytest.fixture
def guarded_url(stack: Stack) -> Iterator[str]:
    """A second dashboard, behind a password. Asked for before the pages, it ends after they are closed."""
    stack.ports["guarded"] = free_port()
    stack.launch("guarded", FACTOAUTO_DASHBOARD_PASSWORD=PASSWORD)
    stack.wait_until_ready("guarded")
    yield stack.url("guarded")
    stack.processes.pop("guarded").stop()


def test_with_a_password_nothing_is_seen_before_it_is_given(guarded_url: str, open_page: OpenPage) -> None:
    page = open_page(url=guarded_url)
    page.page.goto(f"{guarded_url}/pipeline?lang=en")
    expect(page.page.get_by_text("Pipeline")).to_be_hidden()

    page.page.get_by_label("Password").fill(PASSWORD)
    page.page.get_by_role("button", name="Enter").click()

    expect(page.page.get_by_role("heading", name="Pipeline")).to_be_visible()
    expect(page.live_badge).to_be_visible()
    expect(page.page).to_have_url(re.compile(r"/pipeline\?lang=en"))
