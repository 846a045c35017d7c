"""``Idempotency-Key``: the same key gets the same answer, another body none, and nothing is done twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.api.shop import ALICE, BOB, FACTORY_ID, Shop, bearer, unused_sku

AT_ONCE = 8
SKU_MEMBER = {"/api/purchases": "sku", "/send": "MessageAttributeProductId"}
"""Where the body says which product; elsewhere the path does."""


@dataclass(frozen=True)
class Deed:
    """A call that takes a key, another body for it, and what it does to the shelf of 10."""

    path: str
    body: dict[str, Any]
    other: dict[str, Any]
    status: int
    on_hand: int

    def do(self, shop: Shop, sku: str, *, key: str, other: bool = False, token: str = ALICE) -> TestResponse:
        named = {SKU_MEMBER[self.path]: sku} if self.path in SKU_MEMBER else {}
        body = (self.other if other else self.body) | named
        headers = {"Idempotency-Key": key, **bearer(token)}
        return shop.another_client().post(self.path.format(sku=sku), json=body, headers=headers)


DEEDS = {
    "buy": Deed("/api/purchases", {"quantity": 3}, {"quantity": 4}, 201, 7),
    "run short": Deed("/api/purchases", {"quantity": 30}, {"quantity": 31}, 409, 10),
    "send": Deed("/send", {"subject": "부산도너츠"}, {"subject": "another shop"}, 200, 9),
    "restock": Deed("/api/products/{sku}/restock", {"quantity": 20}, {"quantity": None}, 201, 10),
    "adjust": Deed(
        "/api/products/{sku}/adjustments",
        {"quantity": -2, "reason": "깨짐"},
        {"quantity": -2, "reason": "lost"},
        201,
        8,
    ),
    "return": Deed("/api/products/{sku}/returns", {"quantity": 2}, {"quantity": 2, "reason": "stale"}, 201, 12),
}
every_deed = pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS.keys())


@every_deed
def test_a_repeat_gets_the_first_answer_and_changes_nothing(shop: Shop, deed: Deed) -> None:
    sku = shop.open_product()
    first = deed.do(shop, sku, key=f"repeat-{sku}")

    again = deed.do(shop, sku, key=f"repeat-{sku}")

    assert (again.status_code, again.get_json(force=True)) == (deed.status, first.get_json(force=True))
    assert shop.product(sku)["on_hand"] == deed.on_hand


@every_deed
def test_the_answer_stays_the_first_one_whatever_happened_since(shop: Shop, deed: Deed) -> None:
    sku = shop.open_product()
    first = deed.do(shop, sku, key=f"stays-{sku}").get_json(force=True)
    shop.buy(sku, 1)
    shop.operate("PATCH", f"/api/products/{sku}", {"price": 9_999, "archived": True})

    again = deed.do(shop, sku, key=f"stays-{sku}")

    assert (again.status_code, again.get_json(force=True)) == (deed.status, first)


def test_a_repeated_restock_shows_the_order_as_it_was_first_shown(shop: Shop) -> None:
    sku = shop.open_product()
    first = DEEDS["restock"].do(shop, sku, key=f"order-{sku}").get_json()
    shop.take_order(first["id"])

    again = DEEDS["restock"].do(shop, sku, key=f"order-{sku}").get_json()

    assert again == first
    assert shop.order(first["id"])["status"] == "ordered"


@every_deed
def test_the_same_key_with_another_body_is_refused_and_changes_nothing(shop: Shop, deed: Deed) -> None:
    sku = shop.open_product()
    deed.do(shop, sku, key=f"other-{sku}")

    refused = deed.do(shop, sku, key=f"other-{sku}", other=True)

    assert refused.status_code == 422
    problem = refused.get_json(force=True)
    assert problem["type"] == "urn:factoauto:problem:idempotency-key-reused"
    assert [error["field"] for error in problem["errors"]] == ["Idempotency-Key"]
    assert shop.product(sku)["on_hand"] == deed.on_hand


@every_deed
def test_the_same_key_for_another_product_is_refused_and_changes_nothing(shop: Shop, deed: Deed) -> None:
    one, another = shop.open_product(), shop.open_product()
    deed.do(shop, one, key=f"product-{one}")

    refused = deed.do(shop, another, key=f"product-{one}")

    assert refused.status_code == 422
    assert shop.product(another)["on_hand"] == 10


@every_deed
def test_duplicates_that_come_at_once_get_one_answer_and_do_one_deed(shop: Shop, deed: Deed) -> None:
    sku = shop.open_product()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(lambda _: deed.do(shop, sku, key=f"at-once-{sku}"), range(AT_ONCE)))

    assert {answer.status_code for answer in answers} == {deed.status}
    assert len({answer.text for answer in answers}) == 1
    assert shop.product(sku)["on_hand"] == deed.on_hand
    assert len(shop.get("/api/replenishments", sku=sku)["replenishments"]) <= 1


@pytest.mark.parametrize("name", ["restock", "adjust", "return"])
def test_a_key_used_at_once_for_two_products_does_one_deed(shop: Shop, name: str) -> None:
    skus = [shop.open_product(), shop.open_product()]

    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(
            threads.map(lambda n: DEEDS[name].do(shop, skus[n % 2], key=f"two-{skus[0]}"), range(AT_ONCE))
        )

    assert sorted({answer.status_code for answer in answers}) == [201, 422]
    deeds = [len(shop.movements(sku)) - 1 for sku in skus]
    orders = [len(shop.get("/api/replenishments", sku=sku)["replenishments"]) for sku in skus]
    assert sum(deeds) + sum(orders) == 1


def test_an_operator_s_key_is_his_whoever_repeats_it(shop: Shop) -> None:
    """The answer, and the actor in the ledger, stay those of the first."""
    sku = shop.open_product()
    first = DEEDS["adjust"].do(shop, sku, key=f"whose-{sku}").get_json()

    again = DEEDS["adjust"].do(shop, sku, key=f"whose-{sku}", token=BOB).get_json()

    assert first == again
    assert again["actor"] == "alice"


@pytest.mark.parametrize("key", ["", "with space", "k" * 129, "열쇠"])
@every_deed
def test_a_key_must_be_visible_ascii_of_128_characters_at_most(sqlite_shop: Shop, deed: Deed, key: str) -> None:
    sku = sqlite_shop.open_product()

    refused = deed.do(sqlite_shop, sku, key=key.encode().decode("latin-1"))

    assert refused.status_code == 422
    assert [error["field"] for error in refused.get_json(force=True)["errors"]] == ["Idempotency-Key"]


def short(shop: Shop) -> str:
    """The order for a product that ran short."""
    return str(shop.run_short(shop.open_product())["replenishment_id"])


def new_product() -> dict[str, Any]:
    return {"sku": unused_sku(), "name": "꽈배기", "name_en": "Twist", "price": 1_900, "factory_id": FACTORY_ID}


Calls = dict[str, Callable[[Shop, str], TestResponse]]
WITHOUT_KEYS: Calls = {
    "change a product": lambda shop, sku: shop.operate(
        "PATCH", f"/api/products/{sku}", {"price": 1}, key=f"k-{sku}"
    ),
    "redrive": lambda shop, sku: shop.operate(
        "POST", "/api/queues/dead-letters/redrive", {"replenishment_ids": []}, key=f"k-{sku}"
    ),
    "cancel": lambda shop, sku: shop.operate("POST", f"/api/replenishments/{short(shop)}/cancel", key=f"k-{sku}"),
    "add a product": lambda shop, sku: shop.operate("POST", "/api/products", new_product(), key=f"k-{sku}"),
}


@pytest.mark.parametrize("call", WITHOUT_KEYS.values(), ids=WITHOUT_KEYS.keys())
def test_a_key_means_nothing_where_none_is_documented(
    shop: Shop, call: Callable[[Shop, str], TestResponse]
) -> None:
    """Some clients send one with everything; a repeat is then done again, as without it."""
    sku = shop.open_product()

    statuses = [call(shop, sku).status_code for _ in range(2)]

    assert statuses in ([200, 200], [201, 201])


def test_a_file_s_key_stands_for_the_whole_file(shop: Shop) -> None:
    sku = shop.open_product()
    header, lines = "sku,quantity,kind,reason\r\n", [f"{sku},5,adjustment,count\r\n", f"{sku},7,return,stale\r\n"]

    def send(file: str) -> TestResponse:
        return shop.client.post(
            "/api/movements/import",
            data=file,
            content_type="text/csv",
            headers=bearer(ALICE) | {"Idempotency-Key": f"file-{sku}"},
        )

    answers = [send(header + "".join(lines)) for _ in range(2)]
    other = send(header + lines[0])

    assert [answer.get_json() for answer in answers] == [{"imported": 2}] * 2
    assert other.status_code == 422
    assert shop.product(sku)["on_hand"] == 22
