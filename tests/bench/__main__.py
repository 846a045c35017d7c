"""Measure rush hours side by side. ``make bench`` runs everything, and rewrites ``docs/performance.md``."""

import argparse
import shutil
import signal
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.bench.history import measure_history
from tests.bench.machine import describe_machine
from tests.bench.memory import measure_memory
from tests.bench.plots import draw_plots
from tests.bench.records import Record, Records
from tests.bench.report import make_section, write_section
from tests.bench.servers import ROOT
from tests.bench.storms import GOODS, mariadb_contenders, run_storms, sqlite_contenders
from tests.bench.up import measure_up

OUTPUT = ROOT / "build" / "bench"
DOCUMENT = ROOT / "docs" / "performance.md"
IMAGES = ROOT / "docs" / "images"
STORMS = {"mariadb": mariadb_contenders, "sqlite": sqlite_contenders}
PARTS = ("mariadb", "sqlite", "history", "up", "memory")


def main() -> int:
    """Measure, and say whether everything could be."""
    options = _read_arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and end the servers on the way
    OUTPUT.mkdir(parents=True, exist_ok=True)
    records = Records(OUTPUT / "records.jsonl")
    if not options.report:
        records.clear()
        rounds = {"rounds": options.rounds, "seconds": options.seconds}
        records.add(Record(part="run", numbers=rounds, note=datetime.now(UTC).date().isoformat()))
        records.add(describe_machine(OUTPUT))
        for part in options.only or PARTS:
            _measure(part, options=options, records=records)
    section = make_section(records)
    (OUTPUT / "report.md").write_text(section, encoding="utf-8")
    if options.report or not (options.quick or options.only):
        draw_plots(records, folder=IMAGES)
        text = DOCUMENT.read_text(encoding="utf-8")
        DOCUMENT.write_text(write_section(text, section), encoding="utf-8")
    print(f"\n{section}")  # noqa: T201
    return int(any(record.part == "failed" for record in records))


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round with 1 and 64 connections")
    parser.add_argument(
        "--only", action="append", choices=PARTS, help="this part; may be repeated; the document stays as it is"
    )
    parser.add_argument("--goods", nargs="+", choices=list(GOODS), default=list(GOODS), help="of storms")
    parser.add_argument("--contender", nargs="+", help="of storms: slap, original, one_each, ...")
    parser.add_argument("--connections", type=int, nargs="+", help="of storms")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seconds", type=int, help="of each storm")
    parser.add_argument("--purchases", type=int, help="over which the memory is watched")
    parser.add_argument(
        "--report", action="store_true", help="measure nothing, write the document from the last run's records"
    )
    options = parser.parse_args()
    options.connections = options.connections or ([1, 64] if options.quick else [1, 16, 64, 128])
    options.rounds = options.rounds or (1 if options.quick else 3)
    options.seconds = options.seconds or (2 if options.quick else 3)
    options.purchases = options.purchases or (50_000 if options.quick else 1_000_000)
    return options


def _measure(part: str, *, options: argparse.Namespace, records: Records) -> None:
    """Measure one part. A part that fails is noted, and the others go on."""
    failure = OUTPUT / f"{part}.failure"
    failure.unlink(missing_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{part}-", dir=OUTPUT))
    try:
        if part in STORMS:
            _measure_storms(part, options=options, records=records, folder=folder)
        elif part == "history":
            times = 10 if options.quick else 60
            measure_history(folder=folder, records=records, rounds=options.rounds, calls_of_each=times)
        elif part == "up":
            seconds, shortages = (10, 10) if options.quick else (30, 100)
            measure_up(
                folder=folder,
                records=records,
                idle_seconds=seconds,
                shortages=shortages,
                starts=options.rounds,
            )
        else:
            measure_memory(folder=folder, records=records, purchases=options.purchases)
    except (Exception, pytest.fail.Exception) as error:  # the servers of the tests fail in pytest's way
        failure.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
        words = str(error).partition("\n")[0].replace(f"{folder}/", "")
        records.add(Record(part="failed", goods=part, note=f"{type(error).__name__}: {words}"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measure_storms(database: str, *, options: argparse.Namespace, records: Records, folder: Path) -> None:
    with STORMS[database](folder) as contenders:
        run_storms(
            contenders=[one for one in contenders if one.name in (options.contender or [one.name])],
            database=database,
            goods=options.goods,
            connections=options.connections,
            rounds=options.rounds,
            seconds=options.seconds,
            records=records,
        )


if __name__ == "__main__":
    sys.exit(main())
