"""``python -m tests.bench``; ``make bench`` runs it with its defaults."""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from tests.bench.records import Records
from tests.bench.storms import mariadb_contenders, run_storms, sqlite_contenders

OUTPUT = Path(__file__).parents[2] / "build" / "bench"
PROGRAMS = {"wrk": "wrk", "mariadb-slap": "mariadb-client", "mariadbd": "mariadb-server", "node": "nodejs"}


def main() -> int:
    """Measure, and say whether everything could be."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round with 1 and 64 connections")
    parser.add_argument("--only", action="append", metavar="NAME", help="only this part; may be repeated")
    parser.add_argument("--contender", action="append", metavar="NAME", help="only this contender")
    parser.add_argument("--connections", type=int, nargs="+")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seconds", type=int, help="of each storm")
    arguments = parser.parse_args()
    connections = arguments.connections or ([1, 64] if arguments.quick else [1, 16, 64, 128])
    rounds = arguments.rounds or (1 if arguments.quick else 3)
    seconds = arguments.seconds or (2 if arguments.quick else 4)
    records = Records(OUTPUT / "records.jsonl")
    records.clear()
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=OUTPUT))
    try:
        for database, start in (("mariadb", mariadb_contenders), ("sqlite", sqlite_contenders)):
            goods = [kind for kind in ("hot", "zipf") if _is_wanted(f"{database}-{kind}", arguments.only)]
            if goods:
                with start(folder) as contenders:
                    run_storms(
                        contenders=[one for one in contenders if one.name in (arguments.contender or [one.name])],
                        database=database,
                        goods=goods,
                        connections=connections,
                        rounds=rounds,
                        seconds=seconds,
                        records=records,
                    )
    finally:
        shutil.rmtree(folder)
    return 0


def _is_wanted(name: str, only: list[str] | None) -> bool:
    return only is None or name in only


if __name__ == "__main__":
    sys.exit(main())
