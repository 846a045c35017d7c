"""The ledger as a file, at the address that the warehouse links to."""

import csv

import pytest
from starlette.applications import Starlette

from dashboard.door.ledger_file import ROUTE, ledger_address
from tests.dashboard.fake_backend import FakeBackend
from tests.dashboard.fake_shop import FakeShop
from tests.dashboard.visits import Visit, visit

SKU = "CP-502101"


def ask_for(sku: str, *, language: str = "ko") -> Visit:
    """Follow the link of the warehouse."""
    path, _, query = ledger_address(sku, language=language).partition("?")
    return visit(Starlette(routes=[ROUTE]), path, query=query)


def test_all_of_the_ledger_comes_as_a_file_that_a_spreadsheet_reads(backend: FakeBackend, shop: FakeShop) -> None:
    shop.move(SKU, quantity=-1, kind="sale")
    shop.move("CP-502102", quantity=-1, kind="sale")
    shop.move(SKU, quantity=3, kind="adjustment", reason="실사")

    answer = ask_for(SKU)

    assert answer.status == 200
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{SKU}.csv"
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text.startswith("\ufeff")
    head, *lines = csv.reader(answer.text.removeprefix("\ufeff").splitlines())
    assert head[:3] == ["id", "sku", "quantity"]
    assert len(lines) == 2


@pytest.mark.usefixtures("no_backend")
def test_a_shop_that_does_not_answer_is_told_in_the_viewers_language() -> None:
    korean, english = ask_for(SKU, language="ko"), ask_for(SKU, language="en")

    assert (korean.status, english.status) == (502, 502)
    assert korean.text.startswith("매장이 응답하지 않아")
    assert english.text.startswith("The shop did not answer")


@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize("sku", ["../../status", "a/b", "a?b", "도넛 \r\nX: y"])
def test_a_name_that_is_no_product_is_not_found(sku: str) -> None:
    answer = ask_for(sku, language="en")

    assert answer.status == 404
    assert "x" not in answer.headers
