import socket
from collections.abc import Iterator

import pytest

from backend.entrypoints.up.ports import find_open_door, find_port_problems
from backend.entrypoints.up.programs import DASHBOARD, Program
from backend.settings import Settings
from tests.servers.ports import free_port


def program(name: str, port: int | None) -> Program:
    return Program(name=name, command=("true",), port=port, port_setting=f"FACTOAUTO_{name.upper()}_PORT")


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_free_ports_are_no_problem() -> None:
    programs = [program("backend", free_port()), program("worker", None)]

    assert find_port_problems(programs, host="127.0.0.1") == []


def test_every_busy_port_is_named_with_the_setting_that_changes_it(busy_port: int) -> None:
    programs = [program("backend", busy_port), program("factory", free_port())]

    assert find_port_problems(programs, host="127.0.0.1") == [
        f"port {busy_port} for backend is in use: free it, or choose another with FACTOAUTO_BACKEND_PORT"
    ]


def test_a_port_that_would_be_shared_counts_as_busy() -> None:
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        server.bind(("127.0.0.1", 0))
        server.listen()

        problems = find_port_problems([program("backend", server.getsockname()[1])], host="127.0.0.1")

    assert len(problems) == 1


def test_a_port_set_twice_is_named_before_the_second_fails() -> None:
    port = free_port()

    (problem,) = find_port_problems([program("backend", port), program("factory", port)], host="127.0.0.1")

    assert problem == (
        f"port {port} for factory is set for backend as well:"
        " free it, or choose another with FACTOAUTO_FACTORY_PORT"
    )


def test_an_address_of_another_machine_is_named() -> None:
    (problem,) = find_port_problems([program("backend", free_port())], host="192.0.2.1")

    assert "cannot be used" in problem


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "shop.example"])  # noqa: S104 - nobody listens
def test_a_dashboard_that_others_reach_without_a_password_is_named(host: str) -> None:
    programs = [program(DASHBOARD, 8501)]

    [problem] = find_open_door(Settings(host=host), programs)

    assert problem.startswith(f"FACTOAUTO_DASHBOARD_PASSWORD: is not set, and with FACTOAUTO_HOST={host} others")


@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        Settings(host="localhost"),
        Settings(host="::1"),
        Settings(host="0.0.0.0", dashboard_password="of the house"),  # noqa: S104 - nobody listens
    ],
    ids=["loopback", "localhost", "loopback of IPv6", "with a password"],
)
def test_a_dashboard_that_is_closed_to_others_is_no_problem(settings: Settings) -> None:
    assert find_open_door(settings, [program(DASHBOARD, 8501)]) == []


def test_a_shop_without_a_dashboard_has_no_door() -> None:
    assert find_open_door(Settings(host="192.168.1.5"), [program("backend", 8000)]) == []
