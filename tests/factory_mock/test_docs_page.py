"""The document as a page: ReDoc in a real browser, with nothing fetched from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from factory_mock.app import create_app
from factory_mock.factory import Factory
from factory_mock.settings import Settings
from tests.factory_mock.process import FactoryProcess


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    yield page
    page.close()


@pytest.fixture(scope="module")
def factory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FactoryProcess]:
    folder = tmp_path_factory.mktemp("factory")
    process = FactoryProcess(log=folder / "log", environment={"FACTOAUTO_VAR_DIR": str(folder)})
    process.wait_until_ready()
    yield process
    process.end()


def test_the_page_shows_the_document_and_asks_nobody_else(page: Page, factory: FactoryProcess) -> None:
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type != "info" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{factory.url}/docs")
    page.get_by_role("heading", name="부산도너츠 공장 API").wait_for()
    page.goto(f"{factory.url}/docs#/orders/placeorder")
    page.get_by_role("heading", name="주문 접수 · Place an order").first.wait_for()
    page.get_by_role("heading", name="Callbacks").first.wait_for()
    page.wait_for_load_state("networkidle")

    assert said == []
    assert {url for url in asked if not url.startswith((factory.url, "data:", "blob:"))} == set()
    assert not page.locator("a[href='https://redocly.com/redoc/']").first.is_visible()


def test_the_page_may_be_shown_in_a_frame_of_another_page_of_this_machine(
    page: Page, factory: FactoryProcess
) -> None:
    with dashboard(f'<iframe src="{factory.url}/docs" width="1200" height="800"></iframe>') as url:
        page.goto(url)

        page.frame_locator("iframe").get_by_role("heading", name="부산도너츠 공장 API").wait_for()


class dashboard:  # noqa: N801 - reads as the function that it is used as
    """Another page on this machine, on another port."""

    def __init__(self, html: str) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(html.encode())

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
                """Keep the tests' output clean."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def directives(client: FlaskClient, path: str) -> dict[str, str]:
    policy = client.get(path).headers["Content-Security-Policy"]
    return dict(directive.split(" ", 1) for directive in policy.split("; "))


def test_the_page_may_run_scripts_of_its_own_server_only_and_none_inline(client: FlaskClient) -> None:
    policy = directives(client, "/docs")

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert policy["img-src"] == "'self' data:"
    assert "<script>" not in client.get("/docs").text


def test_who_may_frame_the_page_is_a_setting(make_factory: Callable[..., Factory], tmp_path: Path) -> None:
    settings = Settings(frame_ancestors=("'self'", "https://shop.example.com"), var_dir=tmp_path)
    client = create_app(make_factory(), settings).test_client()

    assert directives(client, "/docs")["frame-ancestors"] == "'self' https://shop.example.com"


@pytest.mark.parametrize("path", ["/status", "/api/manufactures", "/openapi.json", "/nothing"])
def test_nothing_else_may_be_framed_or_guessed_at(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers

    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Server"] == "factory"


def test_the_front_door_leads_to_the_page_with_and_without_a_slash(client: FlaskClient) -> None:
    assert client.get("/").headers["Location"] == "/docs"
    assert client.get("/docs").data == client.get("/docs/").data


def test_the_bundle_comes_from_the_installed_package_and_is_not_sent_twice(client: FlaskClient) -> None:
    first = client.get("/docs/redoc.standalone.js")

    assert first.content_type == "text/javascript; charset=utf-8"
    assert b"Redocly" in first.data[:200]
    again = client.get("/docs/redoc.standalone.js", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_no_file_beside_the_bundle_can_be_reached(client: FlaskClient) -> None:
    for path in ("/docs/static/../app.py", "/docs/static/%2e%2e/app.py", "/docs/..%2f..%2fsettings.py"):
        assert client.get(path).status_code == 404
