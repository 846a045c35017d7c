"""The whole shop, started as its user starts it, and looked at as an attacker does."""

from collections.abc import Iterator

import pytest

from tests.servers.shop import Shop


@pytest.fixture(scope="session")
def attacked_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A running shop at its most talkative, which these tests share."""
    shop = Shop(tmp_path_factory.mktemp("attacked") / "var")
    shop.environment |= {"FACTOAUTO_LOG_LEVEL": "DEBUG", "FACTOAUTO_LEAD_TIME_SECONDS": "0.1"}
    shop.start()
    yield shop
    shop.stop()
