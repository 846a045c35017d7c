"""Who may touch the switches."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from factory_mock.factory import Factory
from factory_mock.operators import (
    FAILURES_ALLOWED,
    WINDOW_SECONDS,
    NoOperatorConfigured,
    NotAnOperator,
    Operators,
    TooManyFailures,
)

TOKENS = [("newest", "n" * 20), ("operator", "o" * 20)]


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(("name", "token"), TOKENS)
def test_every_token_that_is_live_names_its_operator(name: str, token: str) -> None:
    assert Operators(TOKENS).identify(authorization=f"Bearer {token}", client="c") == name


def test_the_scheme_is_written_in_any_case() -> None:
    assert Operators(TOKENS).identify(authorization=f"bearer  {'n' * 20}", client="c") == "newest"


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic " + "n" * 20, "n" * 20, "Bearer 한글", "Bearer \udcff"],
)
def test_anybody_else_is_no_operator(authorization: str | None) -> None:
    with pytest.raises(NotAnOperator):
        Operators(TOKENS).identify(authorization=authorization, client="c")


def test_every_token_is_compared_in_constant_time(compared: list[tuple[bytes, bytes]]) -> None:
    """Neither how much of a token is right nor whose it is can be told from the time."""
    assert Operators(TOKENS).identify(authorization=f"Bearer {'n' * 20}", client="c") == "newest"
    assert [known for known, _ in compared] == [token.encode() for _, token in TOKENS]


def test_without_a_token_configured_nobody_is_an_operator() -> None:
    with pytest.raises(NoOperatorConfigured):
        Operators([]).identify(authorization="Bearer x", client="c")


def fail(operators: Operators, *, client: str, times: int) -> None:
    for _ in range(times):
        with pytest.raises(NotAnOperator):
            operators.identify(authorization="Bearer wrong", client=client)


def test_a_client_that_keeps_guessing_is_not_listened_to_for_a_while() -> None:
    clock = Clock()
    operators = Operators(TOKENS, clock=clock)
    right = f"Bearer {'n' * 20}"
    fail(operators, client="guesser", times=FAILURES_ALLOWED)

    with pytest.raises(TooManyFailures) as refusal:
        operators.identify(authorization=right, client="guesser")

    assert 0 < refusal.value.retry_after <= WINDOW_SECONDS + 1
    assert operators.identify(authorization=right, client="somebody else") == "newest"
    clock.now += WINDOW_SECONDS
    assert operators.identify(authorization=right, client="guesser") == "newest"


def test_a_call_without_a_token_is_no_guess() -> None:
    """A dashboard that was not given the token asks again and again; that must not lock anybody out."""
    operators = Operators(TOKENS)
    for _ in range(2 * FAILURES_ALLOWED):
        with pytest.raises(NotAnOperator):
            operators.identify(authorization=None, client="c")

    assert operators.identify(authorization=f"Bearer {'n' * 20}", client="c") == "newest"


def test_failures_of_countless_clients_do_not_fill_the_memory() -> None:
    operators = Operators(TOKENS)

    for n in range(3_000):
        fail(operators, client=f"client {n}", times=1)

    assert len(operators._failures) <= 1_000


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_the_switches_need_an_operator(client: FlaskClient, method: str) -> None:
    response = client.open("/faults", method=method, json={})

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert response.content_type == "application/problem+json"


def test_a_factory_without_a_token_refuses_every_operator(
    make_factory: Callable[..., Factory], client_of: Callable[..., FlaskClient]
) -> None:
    client = client_of(make_factory(), operator_token=None)

    assert client.get("/faults", headers={"Authorization": "Bearer "}).status_code == 403
    assert client.get("/faults", headers={"Authorization": "Bearer None"}).status_code == 403
