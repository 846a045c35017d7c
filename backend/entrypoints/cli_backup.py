"""Commands that copy the database, and put a copy back."""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from backend import settings
from backend.bootstrap import find_pending_migration
from backend.store import backup as store
from backend.store.backup import BackupRefused, Copied

FILE = click.argument("file", type=click.Path(path_type=Path))


@click.command()
@FILE
@click.option("--overwrite", is_flag=True, help="Replace the file if it is there.")
def backup(file: Path, overwrite: bool) -> None:
    """Copy the SQLite database to FILE while the shop sells; exit 1 where a ledger does not add up."""
    copied = _do(store.back_up, file, overwrite)
    click.echo(f"{file}: {_describe(copied)}")
    sys.exit(1 if copied.drifted else 0)


@click.command()
@FILE
@click.option("--overwrite", is_flag=True, help="Lose what the database holds.")
def restore(file: Path, overwrite: bool) -> None:
    """Put a backup in the place of the SQLite database, while the shop is shut."""
    copied = _do(store.restore, file, overwrite)
    click.echo(f"restored {file}: {_describe(copied)}")
    if pending := find_pending_migration(settings.load()):
        click.echo(f"{pending}: run `factoauto migrate`")
    click.echo('what to look after now: docs/operations.md, "What a restore means"')


def _do(act: Callable[..., Copied], file: Path, overwrite: bool) -> Copied:
    try:
        return act(database_url=settings.load().database_url, path=file, overwrite=overwrite)
    except BackupRefused as refused:
        click.echo(f"factoauto: {refused}", err=True)
        sys.exit(2)


def _describe(copied: Copied) -> str:
    ledger = f"{len(copied.drifted)} products drifted, see `factoauto reconcile`" if copied.drifted else ""
    return (
        f"{copied.products} products, {copied.movements} stock movements, sound; "
        f"{ledger or 'every ledger adds up'}"
    )
