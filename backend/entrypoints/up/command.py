"""Prepare the shop, and run it."""

import fcntl
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

from backend.entrypoints.up.configuration import write_configuration
from backend.entrypoints.up.console import Console
from backend.entrypoints.up.narrator import Narrator
from backend.entrypoints.up.ports import find_open_door, find_port_problems
from backend.entrypoints.up.programs import (
    DASHBOARD,
    READINESS_MODULE,
    Program,
    list_programs,
    local_url,
    make_environment,
)
from backend.entrypoints.up.secret_files import make_missing_secrets, make_private_folder, write_private_file
from backend.entrypoints.up.summary import describe_shop
from backend.settings import Settings


class CannotStart(click.ClickException):
    """The shop cannot be started here; each line of the text says why and what to do."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Say it as the other commands do."""
        for line in self.message.splitlines():
            click.echo(f"factoauto: {line}", err=True, file=file)


def up(settings: Settings) -> None:
    """Run the shop until a signal stops it; returns when everything has ended.

    Raises:
        CannotStart: it runs already, a port is in use, others could use the dashboard, or the database cannot be
            prepared. Nothing was started.
    """
    programs = list_programs(settings)
    make_private_folder(settings.var_dir)
    with _only_one(settings.var_dir):
        if problems := [*find_port_problems(programs, host=settings.host), *find_open_door(settings, programs)]:
            raise CannotStart("\n".join(problems))
        console = Console(
            stream=sys.stdout.buffer,
            names=[program.name for program in programs],
            colour=sys.stdout.isatty(),
        )
        _prepare(settings, console=console)
        _run(settings, programs=programs, console=console)
        console.say("stopped")


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    with (folder / "up.lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                f"the shop in {folder} is running already: stop that one, or choose another folder with"
                " FACTOAUTO_VAR_DIR"
            ) from None
        yield


def _prepare(settings: Settings, *, console: Console) -> None:
    make_missing_secrets(settings)
    try:
        _prepare_database(settings, console=console)
    except Exception as error:
        raise CannotStart(
            f"the database cannot be prepared; FACTOAUTO_DATABASE_URL says where it is: {error}"
        ) from error


def _prepare_database(settings: Settings, *, console: Console) -> None:
    # Slow to import, and not needed to say that a port is in use.
    from backend.bootstrap import migrate_database, seed_demo_shop

    migrate_database(settings)
    if seed_demo_shop(settings):
        console.say("a new shop: loaded the demo products")


def _run(settings: Settings, *, programs: Sequence[Program], console: Console) -> None:
    from backend.entrypoints.up.supervision import supervise

    urls = [
        f"{program.name}={local_url(settings, program.port)}{program.ready_path}"
        for program in programs
        if program.port is not None
    ]
    configuration = write_configuration(
        folder=settings.var_dir,
        programs=programs,
        readiness=(sys.executable, "-m", READINESS_MODULE, *urls),
        environment=make_environment(settings),
    )
    names = [program.name for program in programs]
    narrator = Narrator(
        console=console,
        programs=names,
        summary=lambda: describe_shop(settings, has_dashboard=DASHBOARD in names),
    )
    endpoint = settings.var_dir / "aws_endpoint_url"  # for `factoauto` commands in another terminal
    write_private_file(endpoint, text=local_url(settings, settings.aws_port))
    try:
        supervise(configuration=configuration, narrator=narrator)
    finally:
        endpoint.unlink(missing_ok=True)
