"""CSV out and in: the same columns, all of a file or nothing, errors by line."""

import csv
import io

import pytest
from werkzeug.test import TestResponse

from backend.entrypoints.csv_files import MOST_LINES
from tests.api.shop import ALICE, Shop, bearer, unused_sku

CSV = {"Accept": "text/csv"}
PRODUCTS = "sku,name,name_en,price,factory_id,on_hand,reorder_point,lot_size,archived"
MOVEMENTS = "sku,quantity,kind,reason"


def rows(response: TestResponse) -> list[dict[str, str]]:
    assert (response.status_code, response.content_type) == (200, "text/csv; charset=utf-8")
    return list(csv.DictReader(io.StringIO(response.get_data(as_text=True), newline="")))


def send(shop: Shop, what: str, *lines: str, encoding: str = "utf-8") -> TestResponse:
    return shop.client.post(
        f"/api/{what}/import",
        data="\r\n".join(lines).encode(encoding),
        content_type="text/csv",
        headers=bearer(ALICE),
    )


def errors(response: TestResponse) -> list[tuple[str, str]]:
    problem = response.get_json(force=True)
    assert (response.status_code, problem["type"]) == (422, "urn:factoauto:problem:invalid-file")
    return [(error["field"], error["detail"]) for error in problem["errors"]]


def test_every_product_is_exported_the_archived_too(shop: Shop) -> None:
    sku = shop.open_product(name='도너츠, "큰" 것', on_hand=3, reorder_point=2)
    archived = shop.open_product()
    shop.operate("PATCH", f"/api/products/{archived}", {"archived": True})

    response = shop.client.get("/api/products", headers=CSV)

    exported = {row["sku"]: row for row in rows(response)}
    assert response.headers["Content-Disposition"] == 'attachment; filename="products.csv"'
    assert exported[sku] == {
        "sku": sku,
        "name": '도너츠, "큰" 것',
        "name_en": "Busan donut",
        "price": "1800",
        "factory_id": "FF-500293",
        "on_hand": "3",
        "reorder_point": "2",
        "lot_size": "10",
        "archived": "false",
    }
    assert (exported[archived]["archived"], exported[archived]["reorder_point"]) == ("true", "")


def test_a_ledger_is_exported_newest_first(shop: Shop) -> None:
    sku = shop.open_product(on_hand=10)
    shop.buy(sku, 2)
    shop.operate("POST", f"/api/products/{sku}/adjustments", {"quantity": 1, "reason": "=SUM(A1), 찾음"})

    exported = rows(shop.client.get(f"/api/products/{sku}/movements", headers=CSV))

    assert exported == [
        {name: "" if value is None else str(value) for name, value in movement.items()}
        for movement in shop.movements(sku)
    ]


def test_an_empty_ledger_still_has_its_columns(shop: Shop) -> None:
    sku = shop.open_product(on_hand=0)

    response = shop.client.get(f"/api/products/{sku}/movements", headers=CSV)

    assert response.text == "id,sku,quantity,on_hand_after,kind,reference,actor,reason,created_at\r\n"


def test_an_unknown_ledger_is_no_file(shop: Shop) -> None:
    assert shop.client.get("/api/products/NO-SUCH-THING/movements", headers=CSV).status_code == 404


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/csv", "text/csv"),
        ("text/csv, application/json;q=0.5", "text/csv"),
        ("application/json", "application/json"),
        ("*/*", "application/json"),
        ("text/*", "text/csv"),
        ("image/png", "application/json"),
        ("text/csv;q=0.5, application/json", "application/json"),
    ],
)
def test_who_asks_for_csv_gets_it_and_nobody_else(sqlite_shop: Shop, accept: str, media_type: str) -> None:
    response = sqlite_shop.client.get("/api/products", headers={"Accept": accept})

    assert response.mimetype == media_type


def test_what_was_exported_can_be_imported_and_changes_nothing(fresh_shop: Shop) -> None:
    fresh_shop.open_product(sku="A", name='쉼표, "따옴표"', reorder_point=0)
    fresh_shop.open_product(sku="B", price=0, lot_size=1_000_000)
    fresh_shop.open_product(sku="C", on_hand=0)
    fresh_shop.operate("PATCH", "/api/products/C", {"archived": True})
    before = fresh_shop.client.get("/api/products", headers=CSV).text

    response = send(fresh_shop, "products", before)

    assert response.get_json() == {"imported": 3}
    assert fresh_shop.client.get("/api/products", headers=CSV).text == before


def test_an_export_opens_another_shop(fresh_shop: Shop, sqlite_shop: Shop) -> None:
    skus = [sqlite_shop.open_product(reorder_point=3, on_hand=7), sqlite_shop.open_product(on_hand=0)]
    sqlite_shop.operate("PATCH", f"/api/products/{skus[1]}", {"archived": True})
    text = sqlite_shop.client.get("/api/products", headers=CSV).text

    send(fresh_shop, "products", text)

    assert fresh_shop.client.get("/api/products", headers=CSV).text == text
    assert [one["reason"] for one in fresh_shop.movements(skus[0])] == ["opening stock"]


def test_what_a_file_does_not_say_of_a_product_stays(shop: Shop) -> None:
    sku = shop.open_product(on_hand=4, reorder_point=2, lot_size=7)
    shop.operate("PATCH", f"/api/products/{sku}", {"archived": True})
    before = shop.product(sku)

    send(shop, "products", "sku,name,name_en,price,factory_id", f"{sku},새 이름,New,5,FF-500293")

    after = shop.product(sku)
    assert after | {"updated_at": None} == before | {
        "name": "새 이름",
        "name_en": "New",
        "price": 5,
        "updated_at": None,
    }


def test_the_stock_of_a_product_that_is_there_is_not_imported(shop: Shop) -> None:
    sku = shop.open_product(on_hand=4)

    send(shop, "products", PRODUCTS, f"{sku},a,a,1,FF-500293,99,,10,false")

    assert shop.product(sku)["on_hand"] == 4


def test_a_mark_of_the_byte_order_and_other_line_ends_are_no_matter(shop: Shop) -> None:
    one, another = unused_sku(), unused_sku()
    text = f"{PRODUCTS}\n{one},가,a,1,F,0,,10,false\n\n{another},나,b,1,F,0,,10,false\n"

    assert send(shop, "products", text, encoding="utf-8-sig").get_json() == {"imported": 2}
    assert shop.product(one)["name"] == "가"


def test_one_wrong_line_keeps_the_whole_file_out_and_every_wrong_line_is_named(shop: Shop) -> None:
    good, there = unused_sku(), shop.open_product()

    response = send(
        shop,
        "products",
        PRODUCTS,
        f"{good},가,a,1,F,0,,10,false",
        "a b,,b,-1,F,x,1.0,0,yes",
        f"{good},다시,again,1,F,0,,10,false",
        "T-SHORT,a,b",
        '"T-TWO","two\r\nlines",b,1,F,0,,10,false',
        f"{there},a,b,1,ANOTHER-FACTORY,0,,10,false",
    )

    found = errors(response)
    assert {line for line, _ in found} == {"line 3", "line 5", "line 7"}
    assert [detail.partition(":")[0] for line, detail in found if line == "line 3"] == [
        "sku",
        "name",
        "price",
        "on_hand",
        "reorder_point",
        "lot_size",
        "archived",
    ]
    assert ("line 5", "3 values for 9 columns") in found
    assert shop.client.get(f"/api/products/{good}").status_code == 404


def test_lines_that_contradict_the_shop_are_named(shop: Shop) -> None:
    good, there = unused_sku(), shop.open_product()

    response = send(
        shop,
        "products",
        PRODUCTS,
        f"{good},가,a,1,F,0,,10,false",
        f"{there},a,b,1,ANOTHER-FACTORY,0,,10,false",
    )

    assert errors(response) == [("line 3", f"factory_id: {there} is made by FF-500293")]
    assert shop.client.get(f"/api/products/{good}").status_code == 404


def test_a_sku_named_twice_is_refused(sqlite_shop: Shop) -> None:
    sku = unused_sku()

    response = send(
        sqlite_shop, "products", PRODUCTS, f"{sku},가,a,1,F,0,,10,false", f"{sku},나,b,1,F,0,,10,false"
    )

    assert errors(response) == [("line 3", f"sku: {sku} is on line 2 already")]


def test_movements_are_written_in_order_each_with_its_actor(shop: Shop) -> None:
    sku = shop.open_product(on_hand=1)

    response = send(
        shop,
        "movements",
        MOVEMENTS,
        f"{sku},-1,adjustment,깨짐",
        f"{sku},3,return,손님",
        f"{sku},-2,adjustment,count",
    )

    assert response.get_json() == {"imported": 3}
    assert [(one["quantity"], one["on_hand_after"], one["kind"]) for one in shop.movements(sku)] == [
        (-2, 1, "adjustment"),
        (3, 3, "return"),
        (-1, 0, "adjustment"),
        (1, 1, "adjustment"),
    ]
    assert {one["actor"] for one in shop.movements(sku)} == {"alice"}


def test_adjustments_of_an_exported_ledger_can_be_imported(shop: Shop) -> None:
    sku = shop.open_product(on_hand=10)
    ledger = shop.client.get(f"/api/products/{sku}/movements", headers=CSV).text

    assert send(shop, "movements", ledger).get_json() == {"imported": 1}
    assert shop.product(sku)["on_hand"] == 20


def test_movements_that_cannot_be_are_named_and_none_is_written(shop: Shop) -> None:
    sku = shop.open_product(on_hand=5)

    response = send(
        shop,
        "movements",
        MOVEMENTS,
        f"{sku},-5,adjustment,all of it",
        f"{sku},-1,adjustment,one more",
        f"{sku},-1,return,backwards",
        f"{sku},0,adjustment,nothing",
        f"{sku},1,sale,no",
        "NO-SUCH-THING,1,return,x",
    )

    assert errors(response) == [
        ("line 3", "there are only 0 units on the shelf"),
        ("line 4", "quantity: must not be 0, and a return must be more"),
        ("line 5", "quantity: must not be 0, and a return must be more"),
        ("line 6", "kind: must be adjustment or return"),
        ("line 7", "there is no product 'NO-SUCH-THING'"),
    ]
    assert shop.product(sku)["on_hand"] == 5
    assert len(shop.movements(sku)) == 1


@pytest.mark.parametrize(
    ("file", "line", "said"),
    [
        ("", "line 1", "missing columns: sku, quantity, kind, reason"),
        (MOVEMENTS, "line 1", "there are no lines below the header"),
        ("sku,quantity,kind", "line 1", "missing columns: reason"),
        (f"{MOVEMENTS},colour", "line 1", "unknown columns: colour"),
        (f"{MOVEMENTS},sku", "line 1", "repeated columns: sku"),
        (f"{MOVEMENTS}\r\nA,1,return", "line 2", "3 values for 4 columns"),
        (f"{MOVEMENTS}\r\nA,1,return,x,y", "line 2", "5 values for 4 columns"),
        (f'{MOVEMENTS}\r\nA,1,return,"x', "line 2", "unexpected end of data"),
        (f"{MOVEMENTS}\r\nA,1_0,return,x", "line 2", "quantity: must be a whole number"),
        (f"{MOVEMENTS}\r\nA, 1,return,x", "line 2", "quantity: must be a whole number"),
    ],
)
def test_a_file_in_the_wrong_form_is_refused_with_the_line(
    sqlite_shop: Shop, file: str, line: str, said: str
) -> None:
    assert errors(send(sqlite_shop, "movements", file)) == [(line, said)]


def test_a_file_that_is_no_csv_in_utf_8_is_refused(sqlite_shop: Shop) -> None:
    korean = send(sqlite_shop, "movements", MOVEMENTS, "A,1,return,깨짐", encoding="euc-kr")
    client, headers = sqlite_shop.client, bearer(ALICE)

    assert errors(korean) == [("line 1", "the file is not UTF-8")]
    for media_type in ("application/json", "text/plain", None):
        response = client.post("/api/movements/import", data=b"x", content_type=media_type, headers=headers)
        assert response.status_code == 415
    long = client.post(
        "/api/products/import", data=b"x" * (8 * 1024 * 1024 + 1), content_type="text/csv", headers=headers
    )
    assert long.status_code == 413


def test_of_many_errors_the_first_hundred_are_shown_and_all_are_counted(sqlite_shop: Shop) -> None:
    response = send(sqlite_shop, "movements", MOVEMENTS, *["-,1,return,x"] * 150)

    assert len(errors(response)) == 100
    assert "150" in response.get_json(force=True)["detail"]


def test_a_file_has_so_many_lines_at_most(sqlite_shop: Shop) -> None:
    response = send(sqlite_shop, "movements", MOVEMENTS, *["A,1,return,x"] * (MOST_LINES + 1))

    assert errors(response) == [(f"line {MOST_LINES + 2}", f"more than {MOST_LINES} lines")]
