"""The switchboard: what it shows, and what it does not take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.factory_mock.conftest import OPERATOR, client_of_factory, running_factory


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of one factory for all: each test sets every switch anew."""
    with running_factory() as factory:
        yield client_of_factory(factory, var_dir=tmp_path_factory.mktemp("var"))


def test_the_switches_are_shown_as_they_stand_each_of_them(client: FlaskClient) -> None:
    client.put("/faults", json={"refuse": {"times": 3}, "late_callback": {"seconds": 1.5}}, headers=OPERATOR)

    response = client.get("/faults", headers=OPERATOR)

    assert response.get_json() == {
        "refuse": {"status": 503, "times": 3},
        "time_out": None,
        "slow_answer": None,
        "no_callback": None,
        "double_callback": None,
        "late_callback": {"seconds": 1.5, "times": None},
        "partial_callback": None,
        "reordered_callback": None,
        "wrong_count": None,
        "forged_signature": None,
    }


@pytest.mark.parametrize(
    ("faults", "field"),
    [
        ({"refuse": {"status": 200}}, "refuse.status"),
        ({"refuse": {"status": 600}}, "refuse.status"),
        ({"refuse": {"status": "503"}}, "refuse.status"),
        ({"refuse": {"status": True}}, "refuse.status"),
        ({"refuse": {"status": 503.0}}, "refuse.status"),
        ({"refuse": {"times": 0}}, "refuse.times"),
        ({"refuse": {"times": 1_000_001}}, "refuse.times"),
        ({"refuse": {"time": 1}}, "refuse.time"),
        ({"refuse": True}, "refuse"),
        ({"refuse": [503]}, "refuse"),
        ({"time_out": {"seconds": 0}}, "time_out.seconds"),
        ({"time_out": {"seconds": 121}}, "time_out.seconds"),
        ({"slow_answer": {"seconds": "3"}}, "slow_answer.seconds"),
        ({"late_callback": {"seconds": -1}}, "late_callback.seconds"),
        ({"partial_callback": {"parts": 1}}, "partial_callback.parts"),
        ({"partial_callback": {"parts": 21}}, "partial_callback.parts"),
        ({"wrong_count": {"difference": 1001}}, "wrong_count.difference"),
        ({"no_callback": {"seconds": 1}}, "no_callback.seconds"),
        ({"explode": {}}, "explode"),
        ([], "body"),
        ("off", "body"),
    ],
)
def test_a_wrong_switch_is_refused_by_name_and_nothing_is_switched(
    client: FlaskClient, faults: object, field: str
) -> None:
    client.put("/faults", json={"refuse": {"status": 500}}, headers=OPERATOR)

    response = client.put("/faults", json=faults, headers=OPERATOR)

    assert response.status_code == 422
    assert field in [error["field"] for error in response.get_json(force=True)["errors"]]
    assert client.get("/faults", headers=OPERATOR).get_json()["refuse"] == {"status": 500, "times": None}


def test_who_switched_what_is_logged(client: FlaskClient, log: list[Any]) -> None:
    client.put("/faults", json={"refuse": {"status": 500}}, headers=OPERATOR)

    [entry] = [entry for entry in log if entry["event"] == "faults_switched"]
    assert (entry["operator"], entry["faults"]) == ("operator", {"refuse": {"status": 500}})
