"""The factory of the tests does as it is told."""

import pytest
import urllib3

from tests.integration.fake_factory import BROKEN, FakeFactory


def _order(factory: FakeFactory, sku: str, *, key: str) -> urllib3.BaseHTTPResponse:
    return urllib3.request(
        "POST",
        f"{factory.url}/api/manufactures",
        json={"MessageAttributeProductId": sku},
        headers={"Idempotency-Key": key},
        retries=False,
    )


def test_it_takes_orders_and_remembers_them(fake_factory: FakeFactory) -> None:
    statuses = [_order(fake_factory, "A", key=key).status for key in ("1", "2", "1")]

    assert statuses == [202, 202, 202]
    assert [received.order for received in fake_factory.received] == [{"MessageAttributeProductId": "A"}] * 3
    assert fake_factory.produced == ["1", "2"]


def test_it_refuses_what_it_is_told_to_refuse(fake_factory: FakeFactory) -> None:
    fake_factory.refuse("A")

    assert _order(fake_factory, "A", key="1").status == BROKEN[0]
    assert _order(fake_factory, "B", key="2").status == 202
    assert fake_factory.produced == ["2"]


def test_it_hangs_up_when_told_so(fake_factory: FakeFactory) -> None:
    fake_factory.refuse("A", answer=None)

    with pytest.raises(urllib3.exceptions.ProtocolError):
        _order(fake_factory, "A", key="1")
    assert fake_factory.produced == []
