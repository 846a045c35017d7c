"""A shop that the factory calls back, and factories to order from: inside the test, and as a real process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask.testing import FlaskClient

from factory_mock.app import create_app
from factory_mock.callback_hosts import CallbackHosts
from factory_mock.factory import Factory
from factory_mock.fault_panel import FaultPanel
from factory_mock.order_book import OrderBook
from factory_mock.settings import Settings
from tests.factory_mock.process import FactoryProcess
from tests.factory_mock.shop import Shop

TOKEN = "the-operators-token"
OPERATOR = {"Authorization": f"Bearer {TOKEN}"}
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@pytest.fixture(autouse=True)
def log() -> Iterator[list[Any]]:
    """What was logged so far; it goes nowhere else."""
    with structlog.testing.capture_logs() as entries:
        yield entries


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Shop() as open_shop:
        yield open_shop


@pytest.fixture
def order(shop: Shop) -> dict[str, Any]:
    """An order of the shop's, with every field, as the shop sends it."""
    return {
        "MessageGroupId": "stock-arrival-group",
        "MessageAttributeProductId": "CP-502101",
        "MessageAttributeProductCnt": 10,
        "MessageAttributeFactoryId": "FF-500293",
        "MessageAttributeRequester": "부산도너츠",
        "MessageAttributeTel": "051-555-0100",
        "CallbackUrl": f"{shop.url}/callbacks/replenishments/R-1?signature=genuine",
    }


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a failed callback be tried again at once, and given up after the third attempt."""

    def seconds_until_retry(*, attempt: int, retry_after: float) -> float | None:
        return 0.01 if attempt < 3 else None

    monkeypatch.setattr("factory_mock.callbacks.seconds_until_retry", seconds_until_retry)


@contextmanager
def running_factory(*, lead_time_seconds: float = 0.0, limit: int = 100, places: int = 8) -> Iterator[Factory]:
    """Give a factory that works, and stop it at the end."""
    factory = Factory(
        lead_time_seconds=lead_time_seconds,
        hosts=CallbackHosts(LOOPBACK),
        panel=FaultPanel(places=places),
        book=OrderBook(limit=limit),
    )
    factory.start()
    yield factory
    factory.stop()


def client_of_factory(factory: Factory, *, var_dir: Path, operator_token: str | None = TOKEN) -> FlaskClient:
    """Return an HTTP client of a factory."""
    return create_app(factory, Settings(operator_token=operator_token, var_dir=var_dir)).test_client()


@pytest.fixture
def make_factory() -> Iterator[Callable[..., Factory]]:
    """Start factories, and stop them at the end."""
    with ExitStack() as started:
        yield lambda **settings: started.enter_context(running_factory(**settings))


@pytest.fixture
def client_of(tmp_path: Path) -> Callable[..., FlaskClient]:
    """Make HTTP clients of factories, whose operator's token is TOKEN unless told otherwise."""
    return partial(client_of_factory, var_dir=tmp_path)


@pytest.fixture
def client(make_factory: Callable[..., Factory], client_of: Callable[..., FlaskClient]) -> FlaskClient:
    """A client of a factory that produces in no time."""
    return client_of(make_factory())


@pytest.fixture
def start_factory(tmp_path: Path) -> Iterator[Callable[..., FactoryProcess]]:
    """Start factories as real processes, and end them at the end."""
    started: list[FactoryProcess] = []

    def start(**environment: str) -> FactoryProcess:
        process = FactoryProcess(
            log=tmp_path / f"factory-{len(started)}.log",
            environment={"FACTOAUTO_VAR_DIR": str(tmp_path), "FACTOAUTO_OPERATOR_TOKEN": TOKEN, **environment},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.end()
