"""Who may deliver: the signature in the callback's address."""

import hashlib
import hmac

import pytest

from backend.domain import signature

ID = "0190b1a0-0000-7000-8000-000000000001"
OLD, NEW = "an-old-secret-of-the-shop", "a-new-secret-of-the-shop"


def test_it_is_hmac_sha256_over_the_id_in_hexadecimal() -> None:
    expected = hmac.new(NEW.encode(), ID.encode(), hashlib.sha256).hexdigest()

    assert signature.sign(replenishment_id=ID, secrets=[NEW, OLD]) == expected


def test_addresses_signed_before_a_rotation_stay_good_until_the_old_secret_goes() -> None:
    signed_before = signature.sign(replenishment_id=ID, secrets=[OLD])

    assert signature.is_valid(signature=signed_before, replenishment_id=ID, secrets=[NEW, OLD])
    assert not signature.is_valid(signature=signed_before, replenishment_id=ID, secrets=[NEW])


def test_a_signature_is_good_for_its_own_replenishment_only() -> None:
    other = signature.sign(replenishment_id=ID.replace("1", "2"), secrets=[NEW])

    assert not signature.is_valid(signature=other, replenishment_id=ID, secrets=[NEW])


@pytest.mark.parametrize(
    "given",
    ["", "0", "0" * 64, "0" * 10_000, "판매완료", "\udcff\ud800", "\x00", "None"],
    ids=["empty", "short", "zeros", "long", "korean", "halves of characters", "nul", "none"],
)
def test_odd_signatures_are_refused_without_an_error(given: str) -> None:
    assert not signature.is_valid(signature=given, replenishment_id=ID, secrets=[NEW, OLD])


def test_case_and_spaces_around_it_are_not_forgiven() -> None:
    signed = signature.sign(replenishment_id=ID, secrets=[NEW])

    for given in (signed.upper(), f" {signed}", f"{signed}\n", signed[:-1]):
        assert not signature.is_valid(signature=given, replenishment_id=ID, secrets=[NEW])


def test_an_id_from_a_hostile_address_is_refused_without_an_error() -> None:
    assert not signature.is_valid(signature="0" * 64, replenishment_id="\ud800", secrets=[NEW])


def test_without_secrets_nothing_is_valid() -> None:
    assert not signature.is_valid(signature="", replenishment_id=ID, secrets=[])


def test_every_live_secret_is_compared_in_constant_time(compared: list[tuple[bytes, bytes]]) -> None:
    """Neither how much of a signature is right nor which secret made it can be told from the time."""
    signed = signature.sign(replenishment_id=ID, secrets=[NEW])

    assert signature.is_valid(signature=signed, replenishment_id=ID, secrets=[NEW, OLD])
    assert [given for _, given in compared] == [signed.encode(), signed.encode()]
