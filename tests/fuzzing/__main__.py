"""``python -m tests.fuzzing [--examples N] [--seed N]``: attack the whole shop, and say what was found."""

import argparse
import random
import sys
import tempfile
from pathlib import Path

from tests.fuzzing.attack import ATTACKS, attack
from tests.servers.shop import Shop


def main() -> int:
    """Attack a shop of its own; the exit code: 0 where nothing was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description="Attack the shop's APIs.")
    parser.add_argument("--examples", type=int, default=100, help="generated requests for each call")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="the same again")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop(Path(folder) / "var")
        shop.environment |= {"FACTOAUTO_LOG_LEVEL": "ERROR", "FACTOAUTO_LEAD_TIME_SECONDS": "0.1"}
        try:
            shop.start()
            found = [attack(shop, one, examples=wanted.examples, seed=wanted.seed) for one in ATTACKS]
        finally:
            shop.stop()
    print("\n".join(one.report for one in found))  # noqa: T201 - the report is what it is run for
    return 0 if all(one.is_clean for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
