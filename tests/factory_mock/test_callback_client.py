"""One call to a shop, over real sockets."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from factory_mock import callback_client
from factory_mock.callback_client import Answer, CallbackClient
from factory_mock.callback_hosts import CallbackHosts
from tests.factory_mock.certificates import write_certificate
from tests.factory_mock.shop import Shop
from tests.factory_mock.test_callback_hosts import resolving_to
from tests.servers.ports import free_port

BODY: dict[str, object] = {"MessageAttributeProductCnt": 10}
CLIENT = CallbackClient(CallbackHosts(["127.0.0.1"]))


def post(url: str, client: CallbackClient = CLIENT) -> Answer:
    return client.post(url=url, delivery_id="D-1", body=BODY)


@pytest.mark.parametrize("status", [200, 201, 204])
def test_any_success_accepts_the_delivery(shop: Shop, status: int) -> None:
    shop.answers = [(status, {})]

    assert post(shop.url) == Answer(problem=None, final=True)


@pytest.mark.parametrize("status", [400, 401, 404, 409, 422])
def test_a_definite_refusal_is_final(shop: Shop, status: int) -> None:
    shop.answers = [(status, {})]

    assert post(shop.url) == Answer(problem=f"answered {status}", final=True)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_passing_trouble_is_not_final(shop: Shop, status: int) -> None:
    shop.answers = [(status, {})]

    assert post(shop.url) == Answer(problem=f"answered {status}", final=False)


@pytest.mark.parametrize(
    ("asked", "granted"),
    [("7", 7), ("86400", 60), ("Wed, 21 Oct 2026 07:28:00 GMT", 0), ("-1", 0), ("1e9", 0)],
)
def test_the_wait_that_the_shop_asks_for_is_noted_within_reason(shop: Shop, asked: str, granted: float) -> None:
    shop.answers = [(503, {"Retry-After": asked})]

    assert post(shop.url).retry_after == granted


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(shop: Shop, status: int) -> None:
    with Shop() as elsewhere:
        shop.answers = [(status, {"Location": f"{elsewhere.url}/internal"})]

        assert post(shop.url) == Answer(problem=f"answered {status}", final=True)

        assert elsewhere.told == []


def test_nobody_listening_is_a_passing_trouble() -> None:
    answer = post(f"http://127.0.0.1:{free_port()}/callback?signature=genuine")

    assert (answer.problem, answer.final) == ("no answer (NewConnectionError)", False)


def test_a_shop_that_does_not_answer_in_time_is_a_passing_trouble(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callback_client, "READ_SECONDS", 0.1)
    shop.open.clear()

    answer = post(shop.url, CallbackClient(CallbackHosts(["127.0.0.1"])))

    assert (answer.problem, answer.final) == ("no answer (ReadTimeoutError)", False)


def test_a_name_with_several_addresses_is_called_at_the_first_that_answers(shop: Shop) -> None:
    hosts = CallbackHosts(["localhost"], resolve=resolving_to("127.0.0.2", "127.0.0.1"))

    assert post(f"http://localhost:{shop.port}/x", CallbackClient(hosts)).problem is None

    assert shop.told[0].headers["host"] == f"localhost:{shop.port}"


def test_the_name_is_resolved_once_so_that_it_cannot_be_rebound_after_the_check(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither by the factory nor by the library that connects for it, which knows addresses only."""
    asked: list[str] = []

    def rebinding(host: str, port: int, *_: Any, **__: Any) -> Any:
        asked.append(host)
        return resolving_to("127.0.0.1")(host, port)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    hosts = CallbackHosts(["localhost"], resolve=rebinding)

    assert post(f"http://localhost:{shop.port}/x", CallbackClient(hosts)).problem is None

    assert asked == ["localhost", "127.0.0.1"]


def test_a_name_that_leads_to_a_forbidden_address_is_not_called() -> None:
    hosts = CallbackHosts(["backend"], resolve=resolving_to("169.254.169.254"))

    answer = post("http://backend/latest?signature=genuine", CallbackClient(hosts))

    assert answer.final
    assert answer.problem == "not called: the URL leads to an address that the factory does not call"


def test_a_name_that_cannot_be_resolved_is_a_passing_trouble() -> None:
    def failing(*_: Any, **__: Any) -> Any:
        raise OSError("no such name")

    answer = post("http://backend/x", CallbackClient(CallbackHosts(["backend"], resolve=failing)))

    assert (answer.problem, answer.final) == ("the host's name cannot be resolved (OSError)", False)


def test_no_proxy_of_the_environment_is_used(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    with Shop() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)

        assert post(shop.url).problem is None

        assert proxy.told == []


@pytest.fixture
def secure_shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop that speaks TLS and is certified as `localhost` by nobody the factory knows."""
    certificate = write_certificate(tmp_path / "shop.pem", name="localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Shop(tls=context) as open_shop:
        yield open_shop


def test_a_secure_shop_is_known_by_its_name_though_its_address_is_called(
    secure_shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "shop.pem"))
    hosts = CallbackHosts(["localhost"], resolve=resolving_to("127.0.0.1"))

    answer = post(f"https://localhost:{secure_shop.port}/x", CallbackClient(hosts))

    assert answer.problem is None


def test_a_secure_shop_that_nobody_vouches_for_is_told_nothing(secure_shop: Shop) -> None:
    hosts = CallbackHosts(["localhost"], resolve=resolving_to("127.0.0.1"))

    answer = post(f"https://localhost:{secure_shop.port}/x", CallbackClient(hosts))

    assert (answer.problem, answer.final) == ("no answer (SSLError)", False)
    assert secure_shop.told == []
