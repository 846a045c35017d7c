"""``python -m tests.chaos``: one run, its figures or what does not hold."""

import argparse
import sys
from pathlib import Path

from tests.chaos.run import ChaosFailed, run


def main() -> int:
    """Run; 1 when something does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description="Break everything, and add it up.")
    parser.add_argument("--seconds", type=float, default=60, help="how long things break (default: 60)")
    parser.add_argument("--seed", type=int, default=1, help="what breaks when (default: 1)")
    parser.add_argument("--folder", type=Path, default=Path("build/chaos"), help="where the logs go, by seed")
    options = parser.parse_args()
    try:
        folder = options.folder.resolve() / f"seed-{options.seed}"
        figures = run(seed=options.seed, seconds=options.seconds, folder=folder)
    except ChaosFailed as failed:
        print(failed, file=sys.stderr)  # noqa: T201
        return 1
    print(f"seed {options.seed}, {options.seconds:g} s of faults: everything holds\n{figures}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
