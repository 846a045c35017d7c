"""Terraform's own checks of the root."""

import shutil
from pathlib import Path

import pytest

from tests.terraform.terraform import ROOT, Terraform

TEST_FILES = sorted(path.name for path in (ROOT / "tests").glob("*.tftest.hcl"))


def _require(terraform: Terraform, *version: int, why: str) -> None:
    """The root itself is content with 1.9."""
    if terraform.version() < version:
        pytest.skip(f"{why} Terraform {version[0]}.{version[1]} or later")


def test_every_file_is_formatted(terraform: Terraform) -> None:
    terraform.run("fmt", "-check", "-diff", "-recursive", str(ROOT), seconds=20)


def test_the_root_is_valid_with_the_examples_copied_as_they_say(terraform: Terraform, tmp_path: Path) -> None:
    _require(terraform, 1, 10, why="the state's lock file (use_lockfile) needs")
    copy = tmp_path / "terraform"
    shutil.copytree(terraform.folder, copy, symlinks=True)
    for example in list(copy.glob("*.example")):
        example.rename(example.with_suffix(""))
    with_examples = Terraform(folder=copy, environment=terraform.environment)

    with_examples.run("fmt", "-check", "-diff", str(copy), seconds=20)
    with_examples.run("validate", "-no-color", seconds=60)


@pytest.mark.timeout(180)
def test_terraform_test_passes_in_every_file(terraform: Terraform) -> None:
    """In one go: each start of Terraform loads the provider's schema anew."""
    _require(terraform, 1, 11, why="the tests' override_during needs")

    printed = terraform.run("test", "-no-color", seconds=150)

    assert [name for name in TEST_FILES if f"tests/{name}... pass" not in printed] == []
