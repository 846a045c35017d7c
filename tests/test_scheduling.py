"""Tests that share what takes long to start are run by one process."""

import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
FILES = ("security/test_one.py", "security/test_two.py", "bench/test_three.py")
FOUR_TESTS = "import pytest\n\n@pytest.mark.parametrize('number', range(4))\ndef test_it(number):\n    pass\n"
RUN = re.compile(r"^\[(gw\d)\].*PASSED tests/(\w+)/", re.MULTILINE)


def test_a_folder_that_shares_its_servers_is_run_by_one_process_and_others_by_another(tmp_path: Path) -> None:
    for name in FILES:
        file = tmp_path / "tests" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(FOUR_TESTS, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib\n", encoding="utf-8")

    pytest = (sys.executable, "-m", "pytest", "-v", "-p", "tests.scheduling", "-n", "2", "--dist", "loadfile")
    finished = subprocess.run(
        pytest,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
    )

    assert finished.returncode == 0, finished.stdout + finished.stderr
    ran = defaultdict(list)
    for process, folder in RUN.findall(finished.stdout):
        ran[folder].append(process)
    assert {folder: (len(tests), len(set(tests))) for folder, tests in ran.items()} == {
        "security": (8, 1),
        "bench": (4, 1),
    }
    assert ran["security"][0] != ran["bench"][0]
