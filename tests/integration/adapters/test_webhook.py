"""Webhook messages over real HTTP."""

from datetime import UTC, datetime

import pytest

from backend.adapters.webhook import NotDelivered, Webhook
from tests.integration.fake_receiver import SECRET, FakeReceiver
from tests.servers.ports import free_port

ANOTHER_SECRET = "whsec_" + "A" * 32


def _send(url: str, *, secrets: tuple[str, ...] = (SECRET,)) -> None:
    webhook = Webhook(url=url, secrets=secrets)
    webhook.send(message_id="msg_1", body='{"data": "도너츠"}'.encode(), sent_at=datetime.now(UTC))


def test_a_message_is_posted_signed_and_under_its_id(fake_receiver: FakeReceiver) -> None:
    _send(fake_receiver.url)

    [message] = fake_receiver.taken
    assert (message.id, message.body, message.genuine) == ("msg_1", '{"data": "도너츠"}', True)


def test_while_a_secret_is_rotated_both_are_believed(fake_receiver: FakeReceiver) -> None:
    _send(fake_receiver.url, secrets=(ANOTHER_SECRET, SECRET))
    _send(fake_receiver.url, secrets=(ANOTHER_SECRET,))

    assert [message.genuine for message in fake_receiver.taken] == [True, False]


@pytest.mark.parametrize("status", [400, 401, 410, 429, 500, 503])
def test_anything_but_2xx_is_not_delivered(fake_receiver: FakeReceiver, status: int) -> None:
    fake_receiver.status = status

    with pytest.raises(NotDelivered, match=f"the webhook answered {status}"):
        _send(fake_receiver.url)


def test_a_redirect_is_not_followed(fake_receiver: FakeReceiver) -> None:
    fake_receiver.status, fake_receiver.location = 307, f"{fake_receiver.url}/elsewhere"

    with pytest.raises(NotDelivered, match="the webhook answered 307"):
        _send(fake_receiver.url)

    assert len(fake_receiver.came) == 1


@pytest.mark.parametrize("how", ["hangs up", "is not there"])
def test_why_it_was_not_reached_is_said_without_the_address(fake_receiver: FakeReceiver, how: str) -> None:
    fake_receiver.status = 0
    url = fake_receiver.url if how == "hangs up" else f"http://127.0.0.1:{free_port()}/a-path-that-nobody-may-see"

    with pytest.raises(NotDelivered) as error:
        _send(url)

    assert str(error.value).startswith("the webhook was not reached: ")
    assert "127.0.0.1" not in str(error.value)
    assert "nobody-may-see" not in str(error.value)
