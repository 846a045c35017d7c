"""Whom the factory may call: the guard against being used to reach what a stranger cannot reach himself."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

_PLAIN_URL = re.compile(r"https?://[!-\[\]-~]+", re.IGNORECASE)  # visible ASCII, no backslash
_NEVER_CALLED = (
    ipaddress.ip_network("0.0.0.0/8"),
    ipaddress.ip_network("fec0::/10"),  # the private networks of old
    ipaddress.ip_network("fd00:ec2::/32"),  # where AWS keeps an instance's credentials, besides on the link
)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[..., list[tuple[Any, Any, Any, Any, tuple[Any, ...]]]]


def host_as_compared(host: str) -> str:
    """Return the one spelling under which a host is compared: canonical address, or name in lower case."""
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return host.lower()


class CallbackNotAllowed(Exception):
    """The factory does not call this URL; the message says why and can be shown to anybody."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """A callback URL taken apart once, so that what was checked is what is called."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """What belongs into the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


class CallbackHosts:
    """The hosts that may be called, by name or address, on any port."""

    def __init__(self, allowed: Iterable[str], *, resolve: Resolver = socket.getaddrinfo) -> None:
        self._allowed = frozenset(allowed)
        self._resolve = resolve

    def target(self, url: str) -> Target:
        """Take a callback URL apart and check its host, without asking any name server.

        Raises CallbackNotAllowed unless it is plain http or https to a host on the list.
        """
        if not _PLAIN_URL.fullmatch(url):
            raise CallbackNotAllowed("must be an http or https URL in plain ASCII")
        try:
            parts = parse_url(url)
        except LocationParseError:
            raise CallbackNotAllowed("is not a URL") from None
        if parts.auth is not None:
            raise CallbackNotAllowed("must not carry a user name or password")
        host = host_as_compared(parts.host or "")
        if host not in self._allowed:
            raise CallbackNotAllowed("names a host that is not on the factory's allow-list")
        scheme = str(parts.scheme)
        port = parts.port if parts.port is not None else {"http": 80, "https": 443}[scheme]
        if not 1 <= port <= 65_535:
            raise CallbackNotAllowed("names a port that does not exist")
        return Target(scheme=scheme, host=host, port=port, path=parts.request_uri)

    def addresses(self, target: Target) -> list[str]:
        """Return the addresses to connect to, in the resolver's order, each of them checked.

        The caller connects to these and does not resolve the name again, so that it cannot be rebound in
        between. Raises CallbackNotAllowed if the name leads to an address that the list does not
        cover, OSError if it leads nowhere.
        """
        found = self._resolve(target.host, target.port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
        if not all(self._may_connect(target.host, address) for address in addresses):
            raise CallbackNotAllowed("leads to an address that the factory does not call")
        return addresses

    def _may_connect(self, host: str, address: str) -> bool:
        """Tell whether a listed host may stand at this address.

        A listed name may be anywhere, private networks included: whoever listed it knows. But never here on
        this machine, on the link (where clouds keep their metadata) or at a special address, unless that very
        address is listed too. `localhost` may only be here.
        """
        if address in self._allowed or host == address:
            return True
        ip = _as_reached(ipaddress.ip_address(address.partition("%")[0]))
        if host == "localhost":
            return ip.is_loopback
        special = ip.is_loopback or ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip.is_reserved
        return not (special or any(ip in network for network in _NEVER_CALLED))


def _as_reached(ip: Address) -> Address:
    """Return the IPv4 address that an IPv6 address leads to, where it stands for one; else the address itself."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else ip)
