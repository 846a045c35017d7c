"""``docs/api.md`` as a program: its lines for bash, the answers that it shows, and a shell to run it in."""

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DOCUMENT = Path(__file__).parents[2] / "docs" / "api.md"
WRITTEN_FOR = "http://127.0.0.1:8000"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STATUS = re.compile(r"^`(\d{3})`$", re.MULTILINE)
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
PASSING = re.compile(r"(^|_)seconds$|^sales_per_minute$|^next_cursor$|^visible$|^in_flight$")
"""Members that depend on how long something took, on ids, or on what the worker just has in hand."""
LEFT_OUT = "…"
DONE = "--- done ---"
CURLRC = 'silent\nshow-error\nwrite-out = "%{stderr}%{http_code}\\n"\n'


@dataclass(frozen=True)
class Step:
    """Lines for bash, and the status and the answer of the last call among them, where the page shows one."""

    lines: str
    status: str | None
    language: str | None
    answer: str | None


def read_steps(page: str) -> list[Step]:
    """The steps of the page, in order."""
    blocks = list(BLOCK.finditer(page))
    steps = []
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        if block[1] != "bash":
            continue
        end = following.start() if following else len(page)
        status = STATUS.search(page, block.end(), end)
        is_answer = following is not None and following[1] != "bash"
        steps.append(
            Step(
                lines=block[2],
                status=status[1] if status else None,
                language=following[1] if following and is_answer else None,
                answer=following[2] if following and is_answer else None,
            )
        )
    return steps


class Shell:
    """One bash from beginning to end, so that what a step sets is there for the next."""

    def __init__(self, *, folder: Path, url: str) -> None:
        """Start it in ``folder``, where curl says the status of each answer aside."""
        self._url = url
        self._statuses = folder / "statuses"
        self._statuses.touch()
        (folder / ".curlrc").write_text(CURLRC, encoding="utf-8")
        with self._statuses.open("wb") as aside:
            self._bash = subprocess.Popen(
                ["bash"],
                cwd=folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=aside,
                env={"PATH": os.defpath, "CURL_HOME": str(folder), "LC_ALL": "C.UTF-8"},
            )

    def run(self, lines: str) -> tuple[str, str | None]:
        """Run lines as they stand on the page; what they print, and the status of the last answer."""
        assert self._bash.stdin is not None
        assert self._bash.stdout is not None
        before = self._statuses.stat().st_size
        self._bash.stdin.write(f"{lines.replace(WRITTEN_FOR, self._url)}\necho; echo '{DONE}'\n".encode())
        self._bash.stdin.flush()
        printed = ""
        while not printed.endswith(f"\n{DONE}\n"):
            line = self._bash.stdout.readline().decode()
            assert line, f"bash ended:\n{self._statuses.read_text(encoding='utf-8')}"
            printed += line
        said = self._statuses.read_text(encoding="utf-8")[before:].split()
        return printed.removesuffix(f"\n{DONE}\n"), said[-1] if said else None

    def end(self) -> None:
        """End it."""
        self._bash.kill()
        self._bash.communicate()


def same(text: str) -> str:
    """A text with its ids and times taken out."""
    return TIME.sub("<time>", ID.sub("<id>", text)).replace("\r\n", "\n").strip()


def differences(shown: Any, real: Any, *, at: str = "$") -> list[str]:
    """Where the answer shown on the page is not like the real one."""
    if isinstance(shown, dict) and isinstance(real, dict):
        missing = [f"{at}.{name} is not there" for name in shown.keys() - real.keys() - {LEFT_OUT}]
        more = [f"{at}.{name} is not shown" for name in real.keys() - shown.keys() if LEFT_OUT not in shown]
        within = [
            difference
            for name in shown.keys() & real.keys()
            for difference in _of_member(name, shown[name], real[name], at=f"{at}.{name}")
        ]
        return missing + more + within
    if isinstance(shown, list) and isinstance(real, list):
        named = shown[:-1] if shown[-1:] == [LEFT_OUT] else shown
        if len(named) > len(real) or (named is shown and len(named) != len(real)):
            return [f"{at} has {len(real)} entries, not {len(named)}"]
        pairs = enumerate(zip(named, real, strict=False))
        return [one for number, (a, b) in pairs for one in differences(a, b, at=f"{at}[{number}]")]
    if isinstance(shown, str) and isinstance(real, str):
        return [] if same(shown) == same(real) else [f"{at} is {real!r}, not {shown!r}"]
    return [] if (type(shown), shown) == (type(real), real) else [f"{at} is {real!r}, not {shown!r}"]


def _of_member(name: str, shown: Any, real: Any, *, at: str) -> list[str]:
    if PASSING.search(name) and name != "bucket_seconds":
        return [] if (shown is None) == (real is None) else [f"{at} is {real!r}, not {shown!r}"]
    return differences(shown, real, at=at)


def compare(step: Step, printed: str) -> list[str]:
    """Where what was printed is not what the page shows."""
    assert step.answer is not None
    if step.language == "json":
        return differences(json.loads(step.answer), json.loads(printed))
    return [] if same(step.answer) == same(printed) else [f"it is\n{printed}\nnot\n{step.answer}"]
