"""``python -m tests.protections``: take out each protection in turn, and see its test fail.

With words, only the protections whose promise or name has them; docs/reliability.md keeps its table then.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.protections.catalogue import PROTECTIONS
from tests.protections.protection import Protection

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- protections: made by `make protections` -->\n", "<!-- end of protections -->"
TEST_SECONDS = 90
LONGEST_FAILURE = 160
IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22,27}|(\d{10}\.)?[0-9a-f]{32,64}")


class StillPasses(Exception):
    """A test does not need the protection that it is said to prove, or fails even with it."""


def main() -> int:
    """Run everything and write the table; 1 when some test does not do what it is here for."""
    words = sys.argv[1:]
    chosen = [one for one in PROTECTIONS if all(word in f"{one.promise} {one.protection}" for word in words)]
    wrong: list[str] = []
    rows: list[str] = []
    with tempfile.TemporaryDirectory(prefix="factoauto-protections-") as folder:
        tree = _copy_tree(Path(folder) / "tree")
        tests = sorted({one.test for one in chosen})
        if failure := _run(tree, *tests):
            raise SystemExit(f"with every protection in its place: {failure}")
        for one in chosen:
            failure = _fail_without(one, tree)
            print(f"{one.promise}: {one.protection}: {failure or 'STILL PASSES'}", flush=True)  # noqa: T201
            rows.append(_row(one, failure or "**none**"))
            if failure is None:
                wrong.append(f"{one.test} passes without: {one.protection}")
    if not words:
        _write(rows)
    print("\n".join(wrong) or f"{len(rows)} protections, each with a test that fails without it")  # noqa: T201
    return 1 if wrong else 0


def _copy_tree(target: Path) -> Path:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


def _fail_without(protection: Protection, tree: Path) -> str | None:
    """How its test fails when the protection is taken out, or None."""
    path = tree / protection.file
    whole = path.read_text(encoding="utf-8")
    if whole.count(protection.there) != 1:
        raise SystemExit(f"{protection.file} has {whole.count(protection.there)} times: {protection.there}")
    path.write_text(whole.replace(protection.there, protection.gone), encoding="utf-8")
    try:
        return _run(tree, protection.test)
    finally:
        path.write_text(whole, encoding="utf-8")


def _run(tree: Path, *tests: str) -> str | None:
    """How the first of these tests fails, or None."""
    command = [sys.executable, "-B", "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
    ran = subprocess.run(
        [*command, f"--timeout={TEST_SECONDS}", "--no-header", *tests],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree), "COLUMNS": "1000"},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode == 0:
        return None
    failed = re.search(r"^(?:FAILED|ERROR) \S+.*? - (.+)$", ran.stdout, re.MULTILINE)
    if failed is None:
        return f"pytest ended with {ran.returncode}: {ran.stdout[-500:]}"
    said = " ".join(IDS.sub("…", failed[1]).split()).removeprefix("AssertionError: ")
    return said if len(said) <= LONGEST_FAILURE else f"{said[:LONGEST_FAILURE]}…"


def _row(protection: Protection, failure: str) -> str:
    file = protection.file.removeprefix("backend/")
    path, _, test = protection.test.partition("::")
    shown = failure.replace("|", "\\|").replace("`", "'")
    return f"| {protection.promise} | {protection.protection} (`{file}`) | [`{test}`](../{path}) | `{shown}` |"


def _write(rows: list[str]) -> None:
    head = [
        "| promise | what keeps it, in `backend/` unless named | the test | how it fails without |",
        "|---|---|---|---|",
    ]
    document = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCUMENT.write_text(before + BEGIN + "\n" + "\n".join([*head, *rows]) + "\n\n" + END + after, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
