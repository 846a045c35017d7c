"""Commands for those who look after the shop: look, check, mend, move data."""

import sys
from typing import TextIO

import click

from backend import settings
from backend.bootstrap import Parts
from backend.entrypoints import csv_files
from backend.entrypoints.cli_backup import backup, restore
from backend.entrypoints.doctor import examine
from backend.entrypoints.status_screen import draw_status
from backend.services import clock
from backend.services.csv_export import export_movements, export_products
from backend.services.csv_import import ImportRefused, import_movements, import_products
from backend.services.operator_record import Operator
from backend.services.reconcile import find_drift, repair_drift
from backend.services.redrive import redrive

ACTOR = "cli"


@click.command()
@click.option("--repair", is_flag=True, help="Add the adjustment that makes each wrong ledger add up.")
def reconcile(repair: bool) -> None:
    """Prove that every shelf is the sum of its ledger; exit 1 where one is not."""
    database = Parts(settings.load()).database
    drifted = (
        repair_drift(database=database, actor=ACTOR, clock=clock.now) if repair else find_drift(database=database)
    )
    for drift in drifted:
        click.echo(f"{drift.sku}: on_hand {drift.on_hand}, ledger {drift.ledger}")
    said = "repaired" if repair else "drifted"
    click.echo(f"{len(drifted)} products {said}" if drifted else "every ledger adds up")
    sys.exit(1 if drifted and not repair else 0)


@click.command("redrive")
@click.argument("replenishment_ids", nargs=-1)
def redrive_dead_letters(replenishment_ids: tuple[str, ...]) -> None:
    """Put dead letters back on the queue: those of the given replenishments, or all."""
    parts = Parts(settings.load())
    count = redrive(
        database=parts.database,
        queue=parts.queue,
        dead_letter_queue=parts.dead_letter_queue,
        shop=parts.shop,
        clock=clock.now,
        operator=Operator(actor=ACTOR),
        only=set(replenishment_ids) or None,
    )
    click.echo(f"{count} redriven")


@click.command()
def status() -> None:
    """Show products, open orders, queues and drift on one screen."""
    click.echo(draw_status(Parts(settings.load())))


@click.command()
def doctor() -> None:
    """Check settings, database, queue, factory and clock: each ok, or what to do; exit 1 where one is not."""
    findings = examine(Parts(settings.load()))
    for finding in findings:
        click.echo(f"{'ok  ' if finding.is_ok else 'FAIL'}  {finding.name:<9} {finding.said}")
    sys.exit(0 if all(finding.is_ok for finding in findings) else 1)


@click.group("export")
def export_group() -> None:
    """Write data as CSV to standard output."""


@export_group.command("products")
def export_product_file() -> None:
    """Every product, archived ones too; `import products` reads the same columns."""
    database = Parts(settings.load()).database
    for text in csv_files.write_csv(export_products(database=database)):
        click.echo(text, nl=False)


@export_group.command("movements")
@click.argument("sku")
def export_movement_file(sku: str) -> None:
    """Every line of a product's ledger, newest first."""
    database = Parts(settings.load()).database
    for text in csv_files.write_csv(export_movements(database=database, sku=sku)):
        click.echo(text, nl=False)


@click.group("import")
def import_group() -> None:
    """Read data from a CSV file, all of it or nothing."""


@import_group.command("products")
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
def import_product_file(file: TextIO) -> None:
    """Add the products that are new, and change the others; `on_hand` counts for new ones only."""
    parts = Parts(settings.load())
    try:
        count = import_products(
            database=parts.database,
            lines=csv_files.parse_products(file.read()),
            operator=Operator(actor=ACTOR),
            shop=parts.shop,
            clock=clock.now,
        )
    except ImportRefused as error:
        _refuse(error)
    click.echo(f"{count} products imported")


@import_group.command("movements")
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
def import_movement_file(file: TextIO) -> None:
    """Write adjustments and returns: columns sku, quantity, kind, reason."""
    parts = Parts(settings.load())
    try:
        count = import_movements(
            database=parts.database,
            lines=csv_files.parse_movements(file.read()),
            operator=Operator(actor=ACTOR),
            shop=parts.shop,
            clock=clock.now,
        )
    except ImportRefused as error:
        _refuse(error)
    click.echo(f"{count} movements imported")


@click.command("reset-demo")
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset_demo(yes: bool) -> None:
    """Delete everything, and load the demo shop anew."""
    from backend.bootstrap import reset_demo_shop

    configured = settings.load()
    where = configured.database_url.rpartition("@")[2]
    if not yes:
        click.confirm(f"Delete every product, purchase and order in {where}?", abort=True)
    reset_demo_shop(configured)
    click.echo("the demo shop is as on its first day")


COMMANDS = (
    backup,
    restore,
    reconcile,
    redrive_dead_letters,
    status,
    doctor,
    export_group,
    import_group,
    reset_demo,
)


def _refuse(error: ImportRefused) -> None:
    for line, detail in error.errors:
        click.echo(f"line {line}: {detail}", err=True)
    click.echo("nothing was imported", err=True)
    sys.exit(1)
