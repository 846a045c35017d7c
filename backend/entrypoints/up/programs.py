"""What runs: a program for each part, its port, and how to ask whether it is ready."""

import sys
from dataclasses import dataclass
from pathlib import Path

from backend.settings import Settings, url_on_this_machine

DASHBOARD = "dashboard"
DASHBOARD_APP = Path(__file__).parents[3] / "dashboard" / "app.py"
READINESS_MODULE = "backend.entrypoints.up.readiness"
_LONGEST_HEAD_START_SECONDS = 10
# A laptop's own profile or endpoint would lead some of the calls past the local AWS.
UNSET = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_SNS", "AWS_ENDPOINT_URL_SQS")


@dataclass(frozen=True, kw_only=True)
class Program:
    """One program to keep running. One without a port is ready as soon as it runs."""

    name: str
    command: tuple[str, ...]
    port: int | None = None
    port_setting: str = ""
    ready_path: str = ""
    stops_last: bool = False


def list_programs(settings: Settings, *, dashboard: Path = DASHBOARD_APP) -> list[Program]:
    """The programs of a local run, in the order of their start; the dashboard's once it has an ``app.py``."""
    programs = [
        Program(
            name="local-aws",
            command=_module("backend.entrypoints.local_aws"),
            port=settings.aws_port,
            port_setting="FACTOAUTO_AWS_PORT",
            ready_path="/ready",
            stops_last=True,  # the others may still be sending what they hold
        ),
        Program(
            name="backend",
            command=_module("backend.entrypoints.serve"),
            port=settings.backend_port,
            port_setting="FACTOAUTO_BACKEND_PORT",
            ready_path="/readyz",
        ),
        Program(
            name="worker",
            command=_after(
                f"local-aws={local_url(settings, settings.aws_port)}/ready",
                command=_module("backend.entrypoints.worker"),
            ),
        ),
        Program(
            name="factory",
            command=_module("factory_mock"),
            port=settings.factory_port,
            port_setting="FACTOAUTO_FACTORY_PORT",
            ready_path="/readyz",
        ),
    ]
    if dashboard.exists():
        programs.append(_dashboard(settings, app=dashboard))
    return programs


def make_environment(settings: Settings) -> dict[str, str]:
    """What every program's environment has beside that of ``up``; no secret: those are files in ``var_dir``."""
    return {
        "FACTOAUTO_VAR_DIR": str(settings.var_dir.resolve()),
        "FACTOAUTO_HOST": settings.host,
        "FACTOAUTO_BACKEND_PORT": str(settings.backend_port),
        "FACTOAUTO_FACTORY_PORT": str(settings.factory_port),
        "FACTOAUTO_DASHBOARD_PORT": str(settings.dashboard_port),
        "FACTOAUTO_AWS_PORT": str(settings.aws_port),
        "FACTOAUTO_FACTORY_URL": settings.factory_url,
        "FACTOAUTO_PUBLIC_URL": settings.public_url,
        "FACTOAUTO_BACKEND_URL": settings.backend_url,
        "FACTOAUTO_CALLBACK_HOSTS": ",".join(settings.callback_hosts),
        "FACTOAUTO_SIMULATOR": str(int(settings.simulator or "simulator" not in settings.model_fields_set)),
        "AWS_ENDPOINT_URL": local_url(settings, settings.aws_port),
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": settings.aws_region,
        "AWS_DEFAULT_REGION": settings.aws_region,
        "AWS_EC2_METADATA_DISABLED": "true",
        # Everything is on this machine: a proxy for the internet must not be asked for it.
        "NO_PROXY": "*",
        "no_proxy": "*",
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
    }


def local_url(settings: Settings, port: int) -> str:
    """The URL under which this machine reaches one of its own ports."""
    return url_on_this_machine(host=settings.host, port=port)


def _module(name: str) -> tuple[str, ...]:
    return (sys.executable, "-m", name)


def _after(server: str, *, command: tuple[str, ...]) -> tuple[str, ...]:
    # The worker would start faster than what it works with, and every run would begin with its warnings.
    wait = f'"$0" -m {READINESS_MODULE} "$1" && shift && exec "$@"'
    return ("sh", "-c", wait, sys.executable, server, *command)


def _soon_after(server: str, *, command: tuple[str, ...]) -> tuple[str, ...]:
    # To import Streamlit takes a core for seconds, and the first customer would wait for them. Without the server
    # it starts all the same: the dashboard is where one sees that the shop is away.
    wait = f'"$0" -m {READINESS_MODULE} --within {_LONGEST_HEAD_START_SECONDS} "$1"; shift; exec "$@"'
    return ("sh", "-c", wait, sys.executable, server, *command)


def _dashboard(settings: Settings, *, app: Path) -> Program:
    return Program(
        name=DASHBOARD,
        command=_soon_after(
            f"backend={local_url(settings, settings.backend_port)}/readyz",
            command=(
                *_module("streamlit"),
                "run",
                str(app),
                f"--server.address={settings.host}",
                f"--server.port={settings.dashboard_port}",
                "--server.headless=true",
                "--browser.gatherUsageStats=false",
                "--logger.hideWelcomeMessage=true",
            ),
        ),
        port=settings.dashboard_port,
        port_setting="FACTOAUTO_DASHBOARD_PORT",
        ready_path="/_stcore/health",
    )
