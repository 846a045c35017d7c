"""Whom the factory calls, and whom it does not, however he is spelt."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from factory_mock.callback_hosts import CallbackHosts, CallbackNotAllowed, Resolver

LOOPBACK = CallbackHosts(["127.0.0.1", "::1", "localhost"])


def resolving_to(*addresses: str) -> Resolver:
    def resolve(host: str, port: int, **_: Any) -> list[tuple[Any, Any, Any, Any, tuple[Any, ...]]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    return resolve


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("http://127.0.0.1:8000/callbacks/1?signature=s", "127.0.0.1", 8000, "/callbacks/1?signature=s"),
        ("http://localhost", "localhost", 80, "/"),
        ("https://LOCALHOST/x#fragment", "localhost", 443, "/x"),
        ("HTTP://[::1]:8000/x", "::1", 8000, "/x"),
        ("http://[0:0:0:0:0:0:0:1]/x", "::1", 80, "/x"),
    ],
)
def test_a_url_to_a_listed_host_is_taken_apart(url: str, host: str, port: int, path: str) -> None:
    target = LOOPBACK.target(url)

    assert (target.host, target.port, target.path) == (host, port, path)


def test_the_host_header_has_brackets_around_an_ipv6_address() -> None:
    assert LOOPBACK.target("http://[::1]:8000/x").authority == "[::1]:8000"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://[fe80::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[::127.0.0.1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://[::1%25lo]/",
        "http://[fd00:ec2::254]/",
        "http://192.168.0.1/",
        "http://172.16.0.1/",
        "http://metadata.google.internal/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://017700000001/",
        "http://0x7f000001/",
        "http://127.0.0.1./",
        "http://127.000.000.001/",
        "http://0x7f.1/",
        "http://127.1/",
        "http://127.0.0.1.example.com/",
        "http://localhost.example.com/",
        "http://localhost./",
        "http://0.0.0.0/",
        "http://[::]/",
        "http://user@127.0.0.1/",
        "http://user:password@127.0.0.1/",
        "http://127.0.0.1@example.com/",
        "http://127.0.0.1:80@example.com/",
        "http://example.com#@127.0.0.1/",
        "http://example.com\\@127.0.0.1/",
        "http://127.0.0.1\\.example.com/",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:65536/",
        "http://127.0.0.1:port/",
        "http://127.0.0.1/a b",
        "http://127.0.0.1/\r\nHost: example.com",
        "http://127.0.0.1/\u0000",
        "http://127.0.0.1/한글",
        "http://localh\u00f6st/",
        "http://ⓛocalhost/",
        "http:///x",
        "http://[::1/",
        "//127.0.0.1/x",
        "127.0.0.1/x",
        "file:///etc/hostname",
        "ftp://127.0.0.1/x",
        "gopher://127.0.0.1/x",
        "javascript:alert(1)",
        "http:127.0.0.1",
        " http://127.0.0.1/",
        "",
    ],
)
def test_any_other_url_is_refused(url: str) -> None:
    with pytest.raises(CallbackNotAllowed):
        LOOPBACK.target(url)


def test_localhost_may_only_be_this_machine() -> None:
    hosts = CallbackHosts(["localhost"], resolve=resolving_to("127.0.0.1", "10.0.0.1"))

    with pytest.raises(CallbackNotAllowed):
        hosts.addresses(hosts.target("http://localhost/"))


@pytest.mark.parametrize("address", ["10.89.0.4", "203.0.113.7", "fd00::4"])
def test_a_listed_name_may_be_anywhere_else(address: str) -> None:
    hosts = CallbackHosts(["backend"], resolve=resolving_to(address))

    assert hosts.addresses(hosts.target("http://backend:8000/")) == [address]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
        "169.254.169.254",
        "fd00:ec2::254",
        "fe80::1%eth0",
        "fec0::1",
        "::",
        "0.0.0.0",  # noqa: S104 - to be called, not listened on
        "0.0.0.1",
        "224.0.0.1",
        "ff02::1",
        "255.255.255.255",
    ],
)
def test_a_listed_name_that_is_rebound_to_a_place_of_this_machine_or_link_is_not_called(address: str) -> None:
    hosts = CallbackHosts(["backend"], resolve=resolving_to("10.89.0.4", address))

    with pytest.raises(CallbackNotAllowed):
        hosts.addresses(hosts.target("http://backend:8000/"))


def test_a_listed_name_may_be_at_a_listed_address() -> None:
    hosts = CallbackHosts(["shop.test", "127.0.0.1"], resolve=resolving_to("127.0.0.1"))

    assert hosts.addresses(hosts.target("http://shop.test/")) == ["127.0.0.1"]
