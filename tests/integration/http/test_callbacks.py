"""The factory's callback: nobody forges a delivery, and none is received twice."""

from collections.abc import Callable

import pytest
import urllib3

from tests.integration.books import Books
from tests.integration.served import JSON, OLD_SECRET, Served, callback_path
from tests.integration.till import Till

ReadBooks = Callable[[], Books]

UNKNOWN = "0190b1a0-0000-7000-8000-000000000001"


UNSIGNED = (401, "urn:factoauto:problem:invalid-signature")


def _refusal(answer: urllib3.BaseHTTPResponse) -> tuple[int, str | None]:
    return answer.status, answer.json().get("type")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?signature=",
        "?signature=0",
        f"?signature={'0' * 64}",
        f"?signature={'f' * 10_000}",
        "?signature=%00",
        "?signature=%ff%fe",
        "?signature=%ed%a0%80",
        "?signature=판매".encode().decode("latin-1"),
        "?Signature={signed}",
        "?signature[]={signed}",
        "?signature={signed}0",
        "?signature=0&signature={signed}",
    ],
    ids=range(13),
)
def test_a_missing_or_forged_signature_is_refused(
    served: Served, order: str, read_books: ReadBooks, query: str
) -> None:
    before = read_books()
    path, _, signed = callback_path(order).partition("?signature=")

    answer = served.call(
        "POST",
        path + query.replace("{signed}", signed),
        body=b'{"MessageAttributeProductCnt": 10}',
        headers=JSON,
    )

    assert _refusal(answer) == UNSIGNED
    assert read_books() == before


def test_a_signature_for_another_order_is_refused(
    served: Served, shared_till: Till, order: str, read_books: ReadBooks
) -> None:
    shared_till.open(f"OTHER-{order}", on_hand=0)
    others = shared_till.restock(sku=f"OTHER-{order}").replenishment.id
    path = callback_path(order).replace(order, others)
    before = read_books()

    answer = served.call("POST", path, body=b'{"MessageAttributeProductCnt": 10}', headers=JSON)

    assert _refusal(answer) == UNSIGNED
    assert read_books() == before


def test_an_order_that_never_was_is_told_from_others_only_to_who_has_the_signature(served: Served) -> None:
    unsigned = served.call("POST", f"/callbacks/replenishments/{UNKNOWN}", body=b"{}", headers=JSON)
    signed = served.deliver(UNKNOWN, 1)

    assert _refusal(unsigned) == UNSIGNED
    assert signed.status == 404


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"", {}),
        (b"not JSON", JSON),
        (b"[" * 60_000, JSON),
        (b"x" * 1_000_000, JSON),
        (b'{"MessageAttributeProductCnt": -1}', JSON),
        (b"<Order/>", {"Content-Type": "application/xml"}),
    ],
    ids=["empty", "not json", "deep", "a megabyte", "a wrong count", "xml"],
)
def test_without_a_signature_the_body_is_not_looked_at(
    served: Served, order: str, body: bytes, headers: dict[str, str]
) -> None:
    answer = served.call("POST", f"/callbacks/replenishments/{order}", body=body, headers=headers)

    assert _refusal(answer) == UNSIGNED


def test_a_signature_of_the_secret_before_is_still_good(
    served: Served, sku: str, order: str, read_books: ReadBooks
) -> None:
    assert served.deliver(order, 10, secret=OLD_SECRET).status == 200
    assert read_books().on_hand(sku) == 20


def test_a_signature_of_a_secret_that_was_never_ours_is_not(served: Served, order: str) -> None:
    assert _refusal(served.deliver(order, 10, secret="a-secret-of-somebody-else")) == UNSIGNED


def test_the_new_and_the_old_signature_are_the_same_delivery(
    served: Served, sku: str, order: str, read_books: ReadBooks
) -> None:
    """A factory that was asked again in between repeats its call to the address signed anew."""
    assert served.deliver(order, 10, secret=OLD_SECRET).status == 200
    assert served.deliver(order, 10).status == 200
    assert read_books().on_hand(sku) == 20


@pytest.mark.parametrize("name", [{}, {"webhook-id": "msg_1"}, {"Idempotency-Key": "msg_1"}])
def test_a_repeat_gets_the_same_answer_and_changes_nothing(
    served: Served, order: str, read_books: ReadBooks, name: dict[str, str]
) -> None:
    first = served.deliver(order, 10, headers=name)
    before = read_books()

    repeats = [served.deliver(order, 10, headers=name) for _ in range(3)]

    assert [(one.status, one.data) for one in (first, *repeats)] == [(200, first.data)] * 4
    assert read_books() == before
    assert before.faults() == []


def test_parts_are_told_apart_by_their_names(served: Served, sku: str, order: str, read_books: ReadBooks) -> None:
    for name in ("msg_1", "msg_2", "msg_1"):
        assert served.deliver(order, 4, headers={"webhook-id": name}).status == 200

    assert read_books().on_hand(sku) == 18
    assert served.get(f"/api/replenishments/{order}")["status"] == "partially_received"


def test_more_than_was_ordered_is_refused_by_the_name_of_the_field(
    served: Served, order: str, read_books: ReadBooks
) -> None:
    before = read_books()

    answer = served.deliver(order, 11)

    assert answer.status == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["MessageAttributeProductCnt"]
    assert read_books() == before


def test_a_delivery_for_a_cancelled_order_is_answered_409_each_time_and_noted_once(
    served: Served, shared_till: Till, sku: str, order: str, read_books: ReadBooks
) -> None:
    shared_till.cancel(order)

    answers = [served.deliver(order, 10, headers={"webhook-id": "msg_1"}) for _ in range(2)]

    assert [answer.status for answer in answers] == [409, 409]
    books = read_books()
    assert books.on_hand(sku) == 10
    assert [row["outcome"] for row in books["delivery"] if row["replenishment_id"] == order] == ["refused"]


def test_one_more_after_everything_came_is_answered_409(
    served: Served, sku: str, order: str, read_books: ReadBooks
) -> None:
    served.deliver(order, 10, headers={"webhook-id": "msg_1"})

    assert served.deliver(order, 10, headers={"webhook-id": "msg_2"}).status == 409
    assert read_books().on_hand(sku) == 20
