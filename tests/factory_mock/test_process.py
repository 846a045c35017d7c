"""The program as it is run: a real process, real signals, a real port."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Callable
from typing import Any

import pytest

from tests.factory_mock.process import FactoryProcess
from tests.factory_mock.shop import Shop
from tests.servers.ports import free_port, is_listening
from tests.servers.process import is_gone
from tests.servers.waiting import wait_until

Start = Callable[..., FactoryProcess]


def test_the_whole_path_over_http_and_nothing_secret_in_the_log_even_at_debug(
    start_factory: Start, shop: Shop, order: dict[str, Any]
) -> None:
    factory = start_factory(FACTOAUTO_LEAD_TIME_SECONDS="0.01", FACTOAUTO_LOG_LEVEL="debug")
    factory.wait_until_ready()
    shop.answers = [(503, {})]

    response = factory.request(
        "POST", "/api/manufactures?secret=in-query", json=order, headers={"Idempotency-Key": "R-1"}
    )

    assert response.status == 202
    first, second = shop.wait_for(2)
    assert first.delivery == second.delivery
    assert second.body == order
    path = response.headers["Location"]
    wait_until(
        lambda: factory.document(path)["status"] == "delivered", seconds=10, what="the order to be delivered"
    )
    lines = [json.loads(line) for line in factory.server.output.splitlines()]
    assert {"order_taken", "callback_answered", "request"} <= {line["event"] for line in lines}
    for secret in ("genuine", "in-query", "051-555-0100", "the-operators-token"):
        assert secret not in factory.server.output


def test_a_megabyte_is_refused_over_the_wire_at_once_and_in_chunks(start_factory: Start) -> None:
    factory = start_factory()
    factory.wait_until_ready()
    headers = {"Content-Type": "application/json"}

    whole = factory.request("POST", "/api/manufactures", body=b" " * 1_000_000, headers=headers)
    chunks = (b" " * 10_000 for _ in range(100))
    in_chunks = factory.request("POST", "/api/manufactures", body=chunks, headers=headers, chunked=True)

    assert [whole.status, in_chunks.status] == [413, 413]
    assert in_chunks.headers["Content-Type"] == "application/problem+json"


def test_a_killed_master_takes_its_worker_with_it(start_factory: Start) -> None:
    """Left alone, the worker would go on serving, beside the next one that is started on the port."""
    factory = start_factory()
    factory.wait_until_ready()
    worker = factory.worker

    factory.server.send_signal(signal.SIGKILL)
    factory.server.wait()

    wait_until(lambda: is_gone(worker.pid), seconds=10, what="the worker to end")
    wait_until(lambda: not is_listening(port=factory.port), seconds=10, what="the port to be free")


def test_a_killed_worker_ends_the_program_so_that_it_can_be_restarted(start_factory: Start) -> None:
    factory = start_factory()
    factory.wait_until_ready()

    factory.worker.kill()

    assert factory.server.wait() != 0
    wait_until(lambda: not is_listening(port=factory.port), seconds=10, what="the port to be free")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_told_to_though_callers_are_kept_waiting_and_callbacks_are_due(
    start_factory: Start, shop: Shop, order: dict[str, Any], number: signal.Signals
) -> None:
    factory = start_factory(FACTOAUTO_LEAD_TIME_SECONDS="3600")
    factory.wait_until_ready()
    worker = factory.worker
    factory.request("POST", "/api/manufactures", json=order)
    operator = {"Authorization": "Bearer the-operators-token"}
    factory.request("PUT", "/faults", json={"time_out": {"seconds": 100}}, headers=operator)

    with socket.create_connection(("127.0.0.1", factory.port)) as kept_waiting:
        body = json.dumps(order).encode()
        kept_waiting.sendall(
            b"POST /api/manufactures HTTP/1.1\r\nHost: factory\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        )
        factory.server.send_signal(number)

        assert factory.server.wait(seconds=5) == 0

    assert is_gone(worker.pid)


def test_a_port_in_use_is_named_in_one_line(start_factory: Start) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        factory = start_factory(FACTOAUTO_FACTORY_PORT=str(port))

        assert factory.server.wait() == 2
        assert factory.server.output == (
            f"factory_mock: cannot listen on 127.0.0.1 port {port}: Address already in use\n"
        )


def test_an_address_that_is_not_ours_is_named_in_one_line(start_factory: Start) -> None:
    factory = start_factory(FACTOAUTO_HOST="192.0.2.1")

    assert factory.server.wait() == 2
    assert factory.server.output.startswith("factory_mock: cannot listen on 192.0.2.1 port ")
    assert factory.server.output.count("\n") == 1


def test_wrong_settings_are_named_in_one_line(start_factory: Start) -> None:
    factory = start_factory(FACTOAUTO_LEAD_TIME_SECONDS="soon", FACTOAUTO_FACTORY_PORT=str(free_port()))

    assert factory.server.wait() == 2
    assert factory.server.output == (
        "factory_mock: FACTOAUTO_LEAD_TIME_SECONDS should be the production time, from 0 to 86400 seconds; "
        "it is 'soon'\n"
    )
