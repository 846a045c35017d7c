"""The shop at work: its API on a port, its worker, the factory mock and a real SNS and SQS."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from backend.adapters.sqs import Queue, Record
from backend.bootstrap import Parts
from backend.entrypoints.worker import work
from tests.api.shop import JSON, Shop
from tests.factory_mock.process import FactoryProcess
from tests.servers.ports import free_port
from tests.servers.waiting import wait_until

PATIENCE_SECONDS = 20
POLL_PAUSE_SECONDS = 0.05
UNHURRIED = {"sweep_seconds": 0.1, "overdue_seconds": 3600, "factory_timeout_seconds": 30}
SOON_ASKING = {**UNHURRIED, "overdue_seconds": 0.3}
SOON_GIVING_UP = {**UNHURRIED, "factory_timeout_seconds": 0.3}
PATIENCE_OF_PARTS = ("patience", "factory")


class QuietRequestHandler(WSGIRequestHandler):
    """Serves without a word."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Keep the tests' output clean."""


class RunningShop(Shop):
    """A shop whose orders are placed, produced and delivered."""

    factory: FactoryProcess

    def be(self, patience: Mapping[str, float]) -> None:
        """From now on, wait so long for the factory's answer, and for its delivery."""
        as_if = Parts(self.parts.settings.model_copy(update=dict(patience)))
        for part in PATIENCE_OF_PARTS:
            vars(self.parts)[part] = getattr(as_if, part)

    def set_faults(self, **faults: object) -> None:
        """Set the factory's switches, as an operator does."""
        response = self.operate("PUT", "/api/simulator/faults", faults)
        assert response.status_code == 200, response.text
        assert {name for name, switch in response.get_json().items() if switch} == set(faults)

    def wait_for_order(self, order: str, wanted: Callable[[JSON], object], what: str) -> JSON:
        """The order, as soon as it is as wanted."""
        wait_until(lambda: wanted(self.order(order)), seconds=PATIENCE_SECONDS, what=what)
        return self.order(order)

    def wait_until_received(self, order: str) -> JSON:
        """The order, as soon as the factory delivered it."""
        return self.wait_for_order(order, lambda one: one["status"] == "received", f"{order} to be received")

    def at_the_factory(self, order: str) -> JSON | None:
        """What the factory knows of an order: under its idempotency key there is one, or none."""
        orders = self.factory.document("/api/manufactures?limit=200")["orders"]
        found = [one for one in orders if one["idempotency_key"] == order]
        assert len(found) <= 1, "the order was produced twice"
        return found[0] if found else None


def poll_quickly(patch: pytest.MonkeyPatch) -> None:
    """Ask SQS twenty times a second, rather than let it hold the line for two: moto wakes nobody for a retry.

    And try a failed order again at once, rather than after seconds.
    """
    receive = Queue.receive

    def receive_at_once(queue: Queue, *, at_most: int = 10, wait_seconds: float = 1) -> list[Record]:
        records = receive(queue, at_most=at_most, wait_seconds=0)
        if not records and wait_seconds:
            time.sleep(POLL_PAUSE_SECONDS)
        return records

    patch.setattr(Queue, "receive", receive_at_once)
    patch.setattr("backend.services.order.wait_seconds", lambda *, failures, draw: 0)


@contextmanager
def running(
    make_shop: Callable[..., Shop], factory: FactoryProcess, url: str, **values: Any
) -> Iterator[RunningShop]:
    """A shop that runs on this database until the end of the block."""
    port = free_port()
    made = make_shop(
        url, public_url=f"http://127.0.0.1:{port}", simulator=True, factory_url=factory.url, **UNHURRIED, **values
    )
    shop = RunningShop(app=made.app, parts=made.parts)
    shop.factory = factory
    server = make_server("127.0.0.1", port, shop.app, threaded=True, request_handler=QuietRequestHandler)
    stopping = threading.Event()
    threads = [
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}),
        threading.Thread(target=work, kwargs={"parts": shop.parts, "stopping": stopping}),
    ]
    for thread in threads:
        thread.start()
    try:
        yield shop
    finally:
        stopping.set()
        threads[1].join()
        server.shutdown()
        threads[0].join()
        server.server_close()
