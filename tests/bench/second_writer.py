"""Another process that writes while customers storm, as the worker does: how long it waits for its turn.

It moves a shelf by the shop's own service, again and again, until its standard input ends.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from backend.bootstrap import Parts
from backend.domain.movement import Kind
from backend.services import clock
from backend.services.adjust import adjust
from backend.services.operator_record import Operator
from backend.settings import Settings
from tests.bench.figures import percentile
from tests.bench.shop import PRODUCTS, sku_of

_PAUSE_SECONDS = 0.01


@contextmanager
def writing_beside(*, database_url: str) -> Iterator[dict[str, float]]:
    """Have the other process write; at the end the yielded numbers say how long it waited."""
    command = [sys.executable, "-m", "tests.bench.second_writer", database_url]
    waits: dict[str, float] = {}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()  # it is ready
        yield waits
        output, _ = process.communicate()
        if process.returncode != 0:
            raise RuntimeError(f"the second writer ended with {process.returncode}")
        waits.update(json.loads(output))


def main() -> None:
    """Write until told to stop, then say how long each write took."""
    parts = Parts(Settings(database_url=sys.argv[1]))
    stopping = threading.Event()
    waits: list[float] = []
    print("ready", flush=True)  # noqa: T201
    threading.Thread(target=_stop_at_end_of_input, args=(stopping,), daemon=True).start()
    while not stopping.is_set():
        began = time.perf_counter()
        adjust(
            database=parts.database,
            sku=sku_of(PRODUCTS - 1),
            quantity=1,
            kind=Kind.ADJUSTMENT,
            reason=None,
            operator=Operator(actor="bench"),
            shop=parts.shop,
            clock=clock.now,
        )
        waits.append((time.perf_counter() - began) * 1000)
        stopping.wait(_PAUSE_SECONDS)
    numbers = {
        "writes": len(waits),
        "write_p50_ms": percentile(waits, 50),
        "write_p99_ms": percentile(waits, 99),
    }
    print(json.dumps(numbers))  # noqa: T201


def _stop_at_end_of_input(stopping: threading.Event) -> None:
    sys.stdin.read()
    stopping.set()


if __name__ == "__main__":
    main()
