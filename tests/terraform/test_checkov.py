"""checkov finds nothing but what the skip list gives a reason for, and no line of the list is idle."""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.terraform.checkov import INSTALL_SECONDS
from tests.terraform.terraform import ROOT

SKIP_LIST = ROOT / ".checkov.yaml"
_SKIP = re.compile(r"^  - (?P<check>CKV2?_AWS_\d+) # (?P<reason>\S.{20,})$", re.MULTILINE)


@pytest.mark.timeout(INSTALL_SECONDS + 120)
def test_checkov_fails_exactly_what_the_skip_list_names(checkov: Path, tmp_path: Path) -> None:
    copy = tmp_path / "terraform"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(SKIP_LIST.name, ".terraform"))

    result = _scan(checkov, copy)

    failed = {check["check_id"] for check in result["results"]["failed_checks"]}
    assert result["summary"]["parsing_errors"] == 0
    assert failed == set(_skipped())


def test_every_skipped_check_has_its_reason_beside_it() -> None:
    with_reason = {match["check"] for match in _SKIP.finditer(SKIP_LIST.read_text(encoding="utf-8"))}

    assert set(_skipped()) == with_reason


def _skipped() -> list[str]:
    settings: Mapping[str, list[str]] = yaml.safe_load(SKIP_LIST.read_text(encoding="utf-8"))
    return settings["skip-check"]


def _scan(checkov: Path, folder: Path) -> dict[str, Any]:
    finished = subprocess.run(
        [checkov, "--directory", folder, "--framework", "terraform", "--skip-download", "--output", "json"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=110,
    )
    result: dict[str, Any] = json.loads(finished.stdout)
    return result
