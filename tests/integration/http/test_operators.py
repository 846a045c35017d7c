"""What only an operator may do: restock."""

from collections.abc import Callable

import pytest

from tests.integration.books import Books
from tests.integration.served import JSON, TOKEN, Served

ReadBooks = Callable[[], Books]


def test_a_restock_is_created_once_and_found_from_then_on(served: Served, sku: str, read_books: ReadBooks) -> None:
    first, second = served.restock(sku, body=b'{"quantity": 11}'), served.restock(sku)

    assert (first.status, second.status) == (201, 200)
    assert first.json()["quantity"] == 20
    assert first.json()["id"] == second.json()["id"]
    assert (first.json()["actor"], first.json()["cause"]) == ("alice", "restock")
    assert len(read_books().open_orders(sku)) == 1


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        f"Basic {TOKEN}",
        TOKEN,
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        f"Bearer alice:{TOKEN}",
        "Bearer \xff",
    ],
)
def test_without_the_token_nothing_is_ordered_and_the_body_is_not_looked_at(
    served: Served, sku: str, read_books: ReadBooks, authorization: str | None
) -> None:
    before = read_books()
    headers = JSON if authorization is None else {**JSON, "Authorization": authorization}

    answer = served.call("POST", f"/api/products/{sku}/restock", body=b"not JSON", headers=headers)

    assert answer.status == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert read_books() == before


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_is_written_as_anybody_likes(served: Served, sku: str, scheme: str) -> None:
    headers = {**JSON, "Authorization": f"{scheme} {TOKEN}"}

    assert served.call("POST", f"/api/products/{sku}/restock", body=b"{}", headers=headers).status == 201


def test_what_is_not_sold_cannot_be_restocked(served: Served) -> None:
    assert served.restock("CP-404404").status == 404
