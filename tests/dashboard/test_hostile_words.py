"""Names and causes come from catalogues, factories and strangers: they are shown as they are, and do nothing."""

import re

import pytest

from tests.dashboard.conftest import OpenPage
from tests.dashboard.fake_backend import FakeBackend
from tests.dashboard.fake_shop import FakeShop, now

HOSTILE = "<script>alert(1)</script>[x](javascript:alert(1))![p](http://evil.example/p.png) :red[x] $x$ `y` **z**"
AT_WORK = re.compile(r"(?<!\\)\]\(|(?<!\\)!\[|(?<!\\)<script|(?<!\\)`y|(?<!\\)\*\*z")
"""Markdown or markup that would be obeyed: nothing stands before it that takes its meaning."""


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("page", ["shop", "pipeline", "rush_hour"])
def test_hostile_names_and_causes_are_shown_and_not_obeyed(
    backend: FakeBackend, shop: FakeShop, open_page: OpenPage, page: str, language: str
) -> None:
    for product in shop.products.values():
        product["name"] = product["name_en"] = HOSTILE
    shop.order(
        "CP-502102",
        quantity=30,
        cause="restock",
        status="published",
        attempts=4,
        last_error=HOSTILE,
        dead_lettered_at=now(minus_seconds=20),
    )

    shop.alert("drift", HOSTILE, korean=HOSTILE, english=HOSTILE)

    app = open_page(page, language=language)

    shown = [str(one.value) for one in (*app.markdown, *app.caption, *app.subheader, *app.title)]
    assert any("evil" in text for text in shown), "it is shown"
    assert [text for text in shown if AT_WORK.search(text)] == []
    assert [html.proto.body for html in app.get("html") if "<script" in html.proto.body] == []
