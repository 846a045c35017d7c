"""Start the shop with a busy past, walk through the dashboard, and take the pictures."""

import argparse
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import boto3
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.end_to_end.dashboard.stack import Stack
from tests.end_to_end.dashboard.watched_page import PATIENCE_MILLISECONDS, WatchedPage
from tests.screenshots.past import write_past
from tests.servers.browser import open_browser
from tests.servers.local_aws import LocalAws

IMAGES = Path(__file__).parents[2] / "docs" / "images"
WIDE, NARROW = (1440, 900), (390, 844)
SETTLE_MILLISECONDS = 2_500


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One picture: what is shown, and how."""

    name: str
    page: str
    language: str = "ko"
    scheme: str = "light"
    size: tuple[int, int] = WIDE
    whole: bool = False
    query: dict[str, str] = field(default_factory=dict)
    click: str = ""


COMMITTED = (
    Picture(name="shop", page=""),
    Picture(name="warehouse-dark-en", page="warehouse", language="en", scheme="dark", query={"sku": "CP-502102"}),
    Picture(name="pipeline", page="pipeline"),
    Picture(name="api-docs", page="docs"),
    Picture(name="shop-mobile", page="", size=NARROW),
    Picture(name="rush-hour-en", page="rush_hour", language="en", click="start_rush"),  # the last: it goes on
)
PAGES = ("", "warehouse", "pipeline", "docs", "rush_hour")


def everything() -> Iterator[Picture]:
    """Every page in every language, light and dark, wide and narrow: to be looked at, not to be kept."""
    for page in PAGES:
        for language in ("ko", "en"):
            for scheme in ("light", "dark"):
                for width, size in (("wide", WIDE), ("narrow", NARROW)):
                    name = f"{page or 'shop'}-{language}-{scheme}-{width}"
                    yield Picture(name=name, page=page, language=language, scheme=scheme, size=size, whole=True)


def main() -> None:
    """Take the committed pictures, or with ``--everything`` all there can be, into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=IMAGES)
    parser.add_argument("--everything", action="store_true", help="every page, language, scheme and width")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with busy_stack() as stack, open_browser() as running:
        for picture in everything() if arguments.everything else COMMITTED:
            take(picture, url=stack.url("dashboard"), browser=running, folder=arguments.folder)


@contextmanager
def busy_stack() -> Iterator[Stack]:
    """Every program of a shop with a busy past, and a customer now and then."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        dead = write_past(f"sqlite:///{folder / 'factoauto.db'}")
        aws = LocalAws.start(folder=folder)
        try:
            _bury(aws, dead)
            stack = Stack.start(folder=folder, aws=aws)
            stop = threading.Event()
            customers = threading.Thread(target=_buy_now_and_then, args=(stack, stop))
            customers.start()
            try:
                yield stack
            finally:
                stop.set()
                customers.join()
                stack.stop()
        finally:
            aws.stop()


def take(picture: Picture, *, url: str, browser: Browser, folder: Path) -> None:
    """Take one picture."""
    width, height = picture.size
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme="dark" if picture.scheme == "dark" else "light",
        locale="ko-KR",
        timezone_id="Asia/Seoul",
    )
    watched = WatchedPage(page=page, url=url)
    page.set_default_timeout(PATIENCE_MILLISECONDS)
    watched.open(picture.page, language=picture.language, **picture.query)
    if picture.click:
        watched.click(picture.click)
        page.get_by_test_id("stToast").wait_for(state="attached")
        page.get_by_test_id("stToast").wait_for(state="detached")
        page.mouse.move(0, 0)
    _settle(page)
    if picture.whole:
        full = page.get_by_test_id("stMain").evaluate("element => element.scrollHeight")
        page.set_viewport_size({"width": width, "height": min(full + 20, 5_000)})
        _settle(page)
    # 256 colours are enough for these pages, and a third of the bytes.
    image = Image.open(BytesIO(page.screenshot())).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    image.save(folder / f"{picture.name}.png", optimize=True)
    page.context.close()


def _settle(page: Page) -> None:
    """Wait until charts are drawn and frames are filled: nothing says so for all of them, so by the clock."""
    page.wait_for_timeout(SETTLE_MILLISECONDS)


def _bury(aws: LocalAws, count: int) -> None:
    """Put messages into the dead-letter queue."""
    environment = aws.environment
    sqs = boto3.client(
        "sqs",
        endpoint_url=aws.endpoint_url,
        region_name=environment["AWS_REGION"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
    )
    queue = sqs.get_queue_url(QueueName="stock-dead-letter-queue")["QueueUrl"]
    for _ in range(count):
        sqs.send_message(QueueUrl=queue, MessageBody="{}")


def _buy_now_and_then(stack: Stack, stop: threading.Event) -> None:
    while not stop.wait(1.5):
        stack.call("POST", "/api/purchases", {"sku": "CP-502105", "quantity": 1}, refusals=True)


if __name__ == "__main__":
    main()
