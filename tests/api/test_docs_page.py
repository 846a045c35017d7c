"""``/docs``: the document for people, in a real browser, with nothing fetched from elsewhere."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from backend.bootstrap import Parts
from backend.entrypoints.app import create_app
from backend.entrypoints.docs_page import ASSETS
from backend.settings import Settings
from tests.api.running import QuietRequestHandler
from tests.api.shop import JSON, Shop


@pytest.fixture(scope="module")
def url(sqlite_shop: Shop) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, sqlite_shop.app, threaded=True, request_handler=QuietRequestHandler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    yield page
    page.close()


def test_the_page_shows_the_document_and_asks_nobody_else(page: Page, url: str, published: JSON) -> None:
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type != "info" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{url}/")
    page.get_by_role("heading", name="FactoAuto").first.wait_for()
    for tag in published["tags"]:
        page.get_by_text(tag["name"], exact=True).first.wait_for(state="attached")
    page.wait_for_load_state("networkidle")

    assert page.url == f"{url}/docs"
    assert said == []
    assert {address for address in asked if not address.startswith((url, "data:", "blob:"))} == set()
    assert not page.locator("a[href*='redocly.com']").first.is_visible()


def test_a_call_is_shown_with_its_parameters_and_answers(page: Page, url: str, published: JSON) -> None:
    operation = published["paths"]["/api/products/{sku}/restock"]["post"]

    page.goto(f"{url}/docs/#/{operation['tags'][0]}/{operation['operationId'].lower()}")

    page.get_by_role("heading", name="보충 주문 · Restock").first.wait_for()
    page.get_by_text("Idempotency-Key").first.wait_for(state="attached")
    page.get_by_text("Order from the factory: 201 a new replenishment").first.wait_for(state="attached")
    page.get_by_role("heading", name="Responses").first.wait_for(state="attached")


def test_the_page_runs_scripts_of_its_own_server_only_and_nothing_else_may_be_framed(sqlite_shop: Shop) -> None:
    client = sqlite_shop.app.test_client()

    page, elsewhere = client.get("/docs").headers, client.get("/api/products").headers

    policy = dict(part.split(" ", 1) for part in page["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert policy["default-src"] == "'none'"
    assert "frame-ancestors 'none'" in elsewhere["Content-Security-Policy"]
    for headers in (page, elsewhere):
        assert headers.get("X-Content-Type-Options") == "nosniff"
        assert headers.get("Referrer-Policy") == "no-referrer"
        assert headers.get("Server") == "factoauto"


def _frame_ancestors(**settings: Any) -> str:
    app = create_app(Parts(Settings(callback_secrets=("a-secret-of-a-test",), **settings)))
    policy = app.test_client().get("/docs").headers["Content-Security-Policy"]
    return dict(part.split(" ", 1) for part in policy.split("; "))["frame-ancestors"]


def test_who_may_frame_the_page_is_a_setting() -> None:
    assert _frame_ancestors() == "'self' http://127.0.0.1:* http://localhost:*"
    dashboard = "https://shop.example.com"
    assert _frame_ancestors(frame_ancestors=f"'self', {dashboard}") == f"'self' {dashboard}"


@pytest.mark.parametrize("path", ["../__init__.py", "%2e%2e/__init__.py", "js/../../__init__.py", "nothing.js"])
def test_no_file_beside_the_bundle_can_be_reached(sqlite_shop: Shop, path: str) -> None:
    assert (Path(ASSETS).parent / "__init__.py").is_file(), "there is one to be reached"
    assert sqlite_shop.app.test_client().get(f"/docs/assets/{path}").status_code == 404
