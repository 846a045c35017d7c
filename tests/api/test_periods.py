"""From when to when: histories take any moment that a calendar has, and no other."""

from datetime import datetime, timedelta

import pytest

from tests.api.past import parse
from tests.api.shop import Shop

HISTORIES = ("/api/stock-history", "/api/sales-history")
both = pytest.mark.parametrize("path", HISTORIES)


@both
@pytest.mark.parametrize(
    "moment",
    [
        "2026-03-01T21:00:00+09:00",
        "2026-03-01T12:00:00Z",
        "2026-03-01t12:00:00z",
        "2026-03-01T12:00:00.000000999Z",
        "2026-03-01T06:30:00-05:30",
    ],
)
def test_any_offset_is_understood_and_the_answer_is_in_utc(sqlite_shop: Shop, path: str, moment: str) -> None:
    answer = sqlite_shop.get(path, **{"from": moment, "to": "2026-03-01T15:00:00+01:00"})

    assert (answer["from"], answer["to"]) == ("2026-03-01T12:00:00Z", "2026-03-01T14:00:00Z")


@both
def test_the_end_alone_means_the_half_hour_before_it(sqlite_shop: Shop, path: str) -> None:
    answer = sqlite_shop.get(path, to="2026-03-01T12:00:00Z")

    assert answer["from"] == "2026-03-01T11:30:00Z"


@both
def test_the_beginning_alone_means_until_now(sqlite_shop: Shop, path: str) -> None:
    since = datetime.now().astimezone() - timedelta(hours=3)

    answer = sqlite_shop.get(path, **{"from": since.isoformat()})

    assert parse(answer["to"]) - since > timedelta(hours=3)


@both
@pytest.mark.parametrize(
    "query",
    [
        {"from": "2026-03-01T12:00:00Z", "to": "2026-03-01T12:00:00Z"},
        {"from": "2026-03-02T12:00:00Z", "to": "2026-03-01T12:00:00Z"},
        {"from": "2020-03-02T12:00:00Z", "to": "2026-03-01T12:00:00Z"},
        {"from": "2999-01-01T00:00:00Z"},
    ],
)
def test_the_end_follows_the_beginning_within_400_days(
    sqlite_shop: Shop, path: str, query: dict[str, str]
) -> None:
    response = sqlite_shop.client.get(path, query_string=query)

    assert response.status_code == 422
    assert [error["field"] for error in response.get_json(force=True)["errors"]] == ["to"]


@both
@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize(
    "moment",
    ["0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59-10:00"],
)
def test_years_that_cannot_be_reckoned_with_are_refused(
    sqlite_shop: Shop, path: str, name: str, moment: str
) -> None:
    response = sqlite_shop.client.get(path, query_string={name: moment})

    assert response.status_code == 422
    assert response.get_json(force=True)["errors"] == [
        {"field": name, "detail": "must lie in the years 1970 to 9998"}
    ]


@both
@pytest.mark.parametrize(
    "moment",
    [
        "",
        "now",
        "null",
        "1772366400",
        "2026-03-01",
        "2026-03-01T12:00:00",
        "2026-03-01T12:00Z",
        "2026-03-01T12:00:00 09:00",
        "2026-02-30T12:00:00Z",
        "2026-03-01T25:00:00Z",
        "12026-03-01T12:00:00Z",
        "2026-03-01T12:00:00Z ",
        "P1D",
    ],
)
def test_what_is_not_an_rfc_3339_time_is_refused(sqlite_shop: Shop, path: str, moment: str) -> None:
    for name in ("from", "to"):
        response = sqlite_shop.client.get(path, query_string={name: moment})

        assert response.status_code == 422, moment
        assert [error["field"] for error in response.get_json(force=True)["errors"]] == [name]
