"""``factoauto``: every command of those who run the shop."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import NoReturn, ParamSpec, TypeVar

import click

from backend import settings
from backend.settings import WrongSettings

P = ParamSpec("P")
T = TypeVar("T")


def _plainly(command: Callable[P, T]) -> Callable[P, T]:
    """Say wrong settings in a line each, without a traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except WrongSettings as error:
            _fail(str(error))

    return run


def _fail(message: str) -> NoReturn:
    for line in message.splitlines():
        click.echo(f"factoauto: {line}", err=True)
    sys.exit(2)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="factoauto")
def main() -> None:
    """Run and look after a FactoAuto shop. Settings come from the environment; see the README."""


@main.command()
@_plainly
def up() -> None:
    """Run the whole shop on this machine: local AWS, API, worker, factory mock, dashboard."""
    from backend.entrypoints.up import up as run_up

    run_up(settings.load())


@main.command()
@_plainly
def serve() -> None:
    """Serve the API."""
    from backend.entrypoints.serve import main as run_server

    run_server()


@main.command()
@_plainly
def worker() -> None:
    """Order what the queue asks for, relay the outbox, sweep."""
    from backend.entrypoints.worker import main as run_worker

    run_worker()


@main.command()
@_plainly
def migrate() -> None:
    """Bring the database to the tables that this version expects."""
    from backend.bootstrap import migrate_database

    migrate_database(settings.load())
    click.echo("the database is up to date")


@main.command()
@_plainly
def seed() -> None:
    """Load the demo shop into a database without products."""
    from backend.bootstrap import seed_demo_shop

    loaded = seed_demo_shop(settings.load())
    click.echo("the demo shop is loaded" if loaded else "the shop has products: nothing was changed")


@main.command("init-aws")
@_plainly
def init_aws() -> None:
    """Make topic and queues where they are missing; on real AWS, Terraform does."""
    from backend import bootstrap

    configured = settings.load()
    bootstrap.init_aws(configured)
    click.echo(
        f"topic {configured.topic_name}, queues {configured.queue_name} and "
        f"{configured.dead_letter_queue_name} are there"
    )


if __name__ == "__main__":
    main()
