"""The receiver that other tests rely on tells a genuine message from a forged one."""

import time

import pytest

from tests.integration.fake_receiver import MOST_SECONDS_APART, is_genuine

BODY = b'{"test": 2432232314}'
PUBLISHED = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,nonsense v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}


@pytest.fixture
def then(monkeypatch: pytest.MonkeyPatch) -> None:
    """The moment at which the published example was signed."""
    monkeypatch.setattr(time, "time", lambda: 1614265330)


@pytest.mark.usefixtures("then")
def test_the_published_example_is_genuine() -> None:
    assert is_genuine(PUBLISHED, BODY)


@pytest.mark.usefixtures("then")
@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, b'{"test": 1}'),
        ({"webhook-id": "msg_another"}, BODY),
        ({"webhook-timestamp": "1614265331"}, BODY),
        ({"webhook-signature": "v1,nonsense"}, BODY),
        ({"webhook-signature": "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}, BODY),
    ],
)
def test_whatever_is_changed_is_a_forgery(headers: dict[str, str], body: bytes) -> None:
    assert not is_genuine(PUBLISHED | headers, body)


def test_an_old_message_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1614265330 + MOST_SECONDS_APART + 1)

    assert not is_genuine(PUBLISHED, BODY)
