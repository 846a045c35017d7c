"""Orders to the factory, over real HTTP."""

import threading

import pytest

from backend.adapters.factory import Factory, OrderFailed
from tests.integration.fake_factory import TAKEN, FakeFactory, Received
from tests.servers.ports import free_port

ORDER = {"MessageAttributeProductId": "CP-502101", "MessageAttributeRequester": "부산도너츠"}


def _order(factory: Factory) -> None:
    factory.order(ORDER, idempotency_key="the-key", correlation_id="the-thread")


def test_an_order_is_posted_as_json_with_its_key_and_its_thread(fake_factory: FakeFactory) -> None:
    _order(Factory(url=fake_factory.url, timeout_seconds=10))

    assert fake_factory.received == [
        Received(
            path="/api/manufactures",
            idempotency_key="the-key",
            correlation_id="the-thread",
            content_type="application/json",
            order=ORDER,
        )
    ]


def test_a_path_in_the_factorys_url_is_kept(fake_factory: FakeFactory) -> None:
    _order(Factory(url=f"{fake_factory.url}/partners/v1", timeout_seconds=10))

    assert fake_factory.received[0].path == "/partners/v1/api/manufactures"


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_2xx_is_taken(fake_factory: FakeFactory, status: int) -> None:
    fake_factory.decide = lambda received: (status, b"")

    _order(Factory(url=fake_factory.url, timeout_seconds=10))


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (400, b'{"title": "Bad", "detail": "no such product"}', "answered 400: no such product"),
        (409, b'{"title": "Conflict"}', "answered 409: Conflict"),
        (500, b"<html>signature=deadbeef</html>", "answered 500: no reason given"),
        (503, b"[" * 100_000, "answered 503: no reason given"),
        (422, b'["signature=deadbeef"]', "answered 422: no reason given"),
        (422, b"\xff\xfe", "answered 422: no reason given"),
        (307, b"", "answered 307: no reason given"),
    ],
)
def test_anything_else_is_a_failure_with_the_reason_of_a_problem_document_and_no_more(
    fake_factory: FakeFactory, status: int, body: bytes, said: str
) -> None:
    fake_factory.decide = lambda received: (status, body)

    with pytest.raises(OrderFailed, match=said):
        _order(Factory(url=fake_factory.url, timeout_seconds=10))


def test_what_the_factory_says_can_be_kept_and_shown_whatever_it_is(fake_factory: FakeFactory) -> None:
    """Half a character would be refused by database and log, and the failure never be noted."""
    said = r'{"detail": "\ud800 \u001b[2J\nno ?signature=deadbeef&x \u009b\u0000"}'
    fake_factory.decide = lambda received: (422, said.encode())

    with pytest.raises(OrderFailed) as error:
        _order(Factory(url=fake_factory.url, timeout_seconds=10))

    assert str(error.value) == "the factory answered 422: � �[2J�no ?signature=…&x ��"


def test_a_factory_that_says_much_is_cut_short(fake_factory: FakeFactory) -> None:
    fake_factory.decide = lambda received: (500, b'{"detail": "' + b"x" * 10_000 + b'"}')

    with pytest.raises(OrderFailed) as error:
        _order(Factory(url=fake_factory.url, timeout_seconds=10))

    assert len(str(error.value)) < 300


def test_a_factory_that_does_not_listen_was_not_reached() -> None:
    with pytest.raises(OrderFailed, match="was not reached: connection refused"):
        _order(Factory(url=f"http://127.0.0.1:{free_port()}", timeout_seconds=10))


def test_a_factory_that_hangs_up_was_not_reached(fake_factory: FakeFactory) -> None:
    fake_factory.decide = lambda received: None

    with pytest.raises(OrderFailed, match="was not reached: ProtocolError"):
        _order(Factory(url=fake_factory.url, timeout_seconds=10))


def test_a_factory_that_keeps_silent_is_not_waited_for_for_ever(fake_factory: FakeFactory) -> None:
    enough = threading.Event()
    fake_factory.decide = lambda received: TAKEN if enough.wait(30) else None

    with pytest.raises(OrderFailed, match="did not answer in time"):
        _order(Factory(url=fake_factory.url, timeout_seconds=0.2))
    enough.set()
