"""Whether the dashboard may be open to all: only where nobody else can reach it."""

import ipaddress
import sys

from dashboard.settings import Settings


def required_password(settings: Settings, address: str | None) -> str:
    """The password of the door, empty for none; ends the process where there has to be one and is not.

    ``address`` is what the server listens on; None is every interface.
    """
    if settings.dashboard_password or is_loopback(address):
        return settings.dashboard_password
    where = address or "every interface"
    sys.exit(
        f"FACTOAUTO_DASHBOARD_PASSWORD: is not set, and the dashboard would listen on {where}, where others can "
        "reach it; set a password, or listen on 127.0.0.1"
    )


def allowed_hosts(password: str) -> list[str]:
    """The names under which a browser may ask for the dashboard.

    Where no password stands in the way, a page of the internet whose name was made to lead to this machine
    must not be taken for the dashboard's own.
    """
    return ["*"] if password else ["localhost", "127.0.0.1", "[::1]"]


def is_loopback(address: str | None) -> bool:
    """Whether only this machine reaches what listens here."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False
