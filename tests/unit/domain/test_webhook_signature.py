"""Signatures of webhook messages, held against the vector that Standard Webhooks publishes."""

import pytest

from backend.domain.webhook_signature import WrongSecret, read_secret, sign_message

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ANOTHER = "whsec_" + "A" * 32
SIGNED = {"message_id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "timestamp": 1614265330, "body": b'{"test": 2432232314}'}
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_published_example_is_signed_as_published() -> None:
    assert sign_message(**SIGNED, secrets=[SECRET]) == SIGNATURE  # type: ignore[arg-type]


def test_every_live_secret_signs_so_that_it_can_be_rotated() -> None:
    both = sign_message(**SIGNED, secrets=[ANOTHER, SECRET]).split(" ")  # type: ignore[arg-type]

    assert len(both) == 2
    assert both[1] == SIGNATURE
    assert both[0].startswith("v1,")


@pytest.mark.parametrize(
    "changed", [{"message_id": "msg_another"}, {"timestamp": 1614265331}, {"body": b'{"test": 2432232315}'}]
)
def test_whatever_is_changed_changes_the_signature(changed: dict[str, object]) -> None:
    assert sign_message(**SIGNED | changed, secrets=[SECRET]) != SIGNATURE  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "secret",
    ["", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ", "whsec_not base64", "whsec_" + "A" * 92],
)
def test_a_secret_that_is_none_is_refused_and_not_repeated(secret: str) -> None:
    with pytest.raises(WrongSecret, match="must be whsec_ and the base64 of 24 to 64 random bytes") as refused:
        read_secret(secret)

    assert "MfKQ" not in str(refused.value)
