"""One attack on one program, by Schemathesis's command line."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.servers.shop import Shop

ROOT = Path(__file__).parents[2]
MOST_SECONDS = 3600
ALL_PHASES = "examples,coverage,fuzzing,stateful"
FAULTS = "/faults"
COUNTED = re.compile(r"^ *(\d+) generated", re.MULTILINE)
NOT_CHECKED = (
    # What a schema allows may contradict the shop: no such product, not enough stock, a host that is not called.
    "positive_data_acceptance"
)


@dataclass(frozen=True)
class Attack:
    """What is attacked, and how Schemathesis is told so."""

    name: str
    program: str
    arguments: tuple[str, ...] = ()
    not_checked: str = NOT_CHECKED


@dataclass(frozen=True)
class Found:
    """What came of an attack."""

    requests: int
    is_clean: bool
    report: str


ATTACKS = (
    # `Allow` at /api/products/import also names the methods of a product whose SKU is `import`: it may have one.
    Attack("the shop's API", "BACKEND", not_checked=f"{NOT_CHECKED},allow_header_conformance"),
    # Its switches make it answer 5xx, as its document says of them: so they are attacked by themselves.
    Attack("the factory's API", "FACTORY", ("--exclude-path", FAULTS)),
    Attack("the factory's switches", "FACTORY", ("--include-path", FAULTS)),
)


def attack(shop: Shop, planned: Attack, *, examples: int, seed: int, phases: str = ALL_PHASES) -> Found:
    """Attack a running shop as its operator, who may do everything."""
    url = f"http://127.0.0.1:{shop.port(planned.program)}"
    token = (shop.folder / "operator_token").read_text(encoding="utf-8").strip()
    finished = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", f"{url}/openapi.json", "--no-color"),
            *("--phases", phases, "--max-examples", str(examples), "--seed", str(seed)),
            *("--header", f"Authorization: Bearer {token}", "--exclude-checks", planned.not_checked),
            *("--suppress-health-check", "all", "--generation-database", "none", *planned.arguments),
        ],
        cwd=shop.folder.parent,  # where it keeps what it found
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "SCHEMATHESIS_HOOKS": "tests.fuzzing.hooks",
            "FACTOAUTO_FUZZED_URL": url,
            "FACTOAUTO_FUZZED_SECRETS": str(shop.folder / "callback_secrets"),
        },
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
    )
    counted = COUNTED.search(finished.stdout)
    return Found(
        requests=int(counted[1]) if counted else 0,
        is_clean=finished.returncode == 0,
        report=f"--- {planned.name} ---\n{finished.stdout}{finished.stderr}",
    )
