"""Whether the ports are free, and the dashboard not open to all, before anything starts."""

import errno
import ipaddress
import socket
from collections.abc import Sequence

from backend.entrypoints.up.programs import DASHBOARD, Program
from backend.settings import Settings


def find_port_problems(programs: Sequence[Program], *, host: str) -> list[str]:
    """A line for each port that cannot be used: whose it is, why, and the setting that changes it."""
    problems = []
    taken: dict[int, Program] = {}
    for program in programs:
        if program.port is None:
            continue
        other = taken.setdefault(program.port, program)
        why = (
            f"is set for {other.name} as well" if other is not program else _why_not(host=host, port=program.port)
        )
        if why:
            problems.append(
                f"port {program.port} for {program.name} {why}: free it, or choose another with"
                f" {program.port_setting}"
            )
    return problems


def find_open_door(settings: Settings, programs: Sequence[Program]) -> list[str]:
    """A line where others could reach the dashboard without a password: it would refuse to start."""
    has_dashboard = any(program.name == DASHBOARD for program in programs)
    if not has_dashboard or settings.dashboard_password or _is_loopback(settings.host):
        return []
    problem = (
        f"FACTOAUTO_DASHBOARD_PASSWORD: is not set, and with FACTOAUTO_HOST={settings.host} others reach the "
        "dashboard; set a password, or listen on 127.0.0.1"
    )
    return [problem]


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _why_not(*, host: str, port: int) -> str | None:
    with socket.socket() as visitor:
        visitor.settimeout(1)
        if visitor.connect_ex((host, port)) == 0:
            return "is in use"
    with socket.socket() as probe:
        # As the servers do: what a predecessor's closed connections leave behind does not hold the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
    return None
