"""``factoauto``: every command of those who run the shop."""

import sys

import click

from backend import settings
from backend.adapters.sqs import QueueUnavailable
from backend.entrypoints.logs import configure_logs
from backend.settings import WrongSettings
from backend.store.unit_of_work import DatabaseUnavailable


class Commands(click.Group):
    """The commands here, and those of ``cli_operations``, which are imported only when one is asked for.

    What an operator can mend is said in a line, without a traceback.
    """

    operations = (
        "backup",
        "doctor",
        "export",
        "import",
        "reconcile",
        "redrive",
        "reset-demo",
        "restore",
        "status",
    )

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command's name."""
        return sorted([*super().list_commands(ctx), *self.operations])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command, or None."""
        if cmd_name not in self.operations:
            return super().get_command(ctx, cmd_name)
        from backend.entrypoints.cli_operations import COMMANDS

        return next(command for command in COMMANDS if command.name == cmd_name)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command."""
        configure_logs(level="WARNING", stream=sys.stderr)
        try:
            return super().invoke(ctx)
        except (WrongSettings, DatabaseUnavailable, QueueUnavailable) as error:
            for line in str(error).splitlines():
                click.echo(f"factoauto: {line}", err=True)
            sys.exit(2)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="factoauto")
def main() -> None:
    """Run and look after a FactoAuto shop. Settings come from the environment; see the README."""


@main.command()
def up() -> None:
    """Run the whole shop on this machine: local AWS, API, worker, factory mock, dashboard."""
    from backend.entrypoints.up import up as run_up

    configured = settings.load()
    settings.require_webhook_secret(configured)
    run_up(configured)


@main.command()
def serve() -> None:
    """Serve the API."""
    from backend.entrypoints.serve import main as run_server

    run_server()


@main.command()
def worker() -> None:
    """Order what the queue asks for, relay the outbox, sweep."""
    from backend.entrypoints.worker import main as run_worker

    run_worker()


@main.command()
@click.option("--to", "revision", default="head", help="A revision, as 0001; without it the newest.")
@click.option("--yes", is_flag=True, help="Do not ask before going back.")
def migrate(revision: str, yes: bool) -> None:
    """Bring the database to the tables that this version expects, or with --to to those of another revision."""
    from backend.store import migrate as store

    database_url = settings.load().database_url
    try:
        undone = store.find_way_back(database_url=database_url, revision=revision)
    except store.UnknownRevision as error:
        raise click.ClickException(str(error)) from error
    if undone and not yes:
        click.echo(
            f"Going back undoes {', '.join(undone)}: the tables and columns they added go, with their data."
        )
        click.confirm("Is there a backup, and shall they go?", abort=True)
    (store.downgrade if undone else store.upgrade)(database_url=database_url, revision=revision)
    click.echo(store.describe_pending(database_url=database_url) or "the database is up to date")


@main.command()
def seed() -> None:
    """Load the demo shop into a database without products."""
    from backend.bootstrap import seed_demo_shop

    loaded = seed_demo_shop(settings.load())
    click.echo("the demo shop is loaded" if loaded else "the shop has products: nothing was changed")


@main.command("init-aws")
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
