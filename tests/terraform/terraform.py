"""Terraform, run on a copy of the root outside the checkout, with a provider that may come from a mirror."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2] / "terraform"
PROVIDER = Path("registry.terraform.io/hashicorp/aws")
PROVIDER_VERSION = "5.100.0"
_NOT_COPIED = shutil.ignore_patterns(".terraform", "*.tfstate*", "*.tfvars", "backend.tf", "backend.hcl")
_NOT_HERE = (
    "the AWS provider is neither in a mirror on this machine nor could it be downloaded; name a folder that "
    f"holds {PROVIDER}/{PROVIDER_VERSION} in TF_PLUGIN_DIR. terraform init said:\n"
)


class NoTerraform(Exception):
    """Terraform or its provider cannot be had here; the message says why."""


class TerraformFailed(Exception):
    """Terraform ended with an error; the message is what it printed."""


@dataclass(frozen=True)
class Terraform:
    """A copy of the root, in which Terraform runs with this environment and no other AWS settings."""

    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, seconds: float, accept: tuple[int, ...] = (0,)) -> str:
        """Run one command and return what it printed.

        Raises:
            TerraformFailed: its exit code is none of ``accept``, or it took longer than ``seconds`` and was
                killed; then too the message is what it printed.
        """
        called = f"terraform {' '.join(arguments)}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TF_"))}
        own = {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0", **self.environment}
        try:
            finished = subprocess.run(
                ["terraform", *arguments],
                cwd=self.folder,
                env={**kept, **own},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=seconds,
            )
        except subprocess.TimeoutExpired as expired:
            printed = (expired.stdout or b"").decode(errors="replace")  # bytes, whatever ``text`` says
            raise TerraformFailed(f"{called}: still running after {seconds} s\n{printed}") from None
        if finished.returncode not in accept:
            raise TerraformFailed(f"{called}: {finished.returncode}\n{finished.stdout}")
        return finished.stdout

    def version(self) -> tuple[int, int]:
        """Major and minor version of the program."""
        said = json.loads(self.run("version", "-json", seconds=20))["terraform_version"]
        major, minor, _ = said.split(".", 2)
        return int(major), int(minor)


def copy_of_root(folder: Path, *, environment: Mapping[str, str] | None = None) -> Terraform:
    """Copy the root into ``folder`` and initialise it there, without a backend.

    Raises:
        NoTerraform: there is none, or no way to its provider.
    """
    if shutil.which("terraform") is None:
        raise NoTerraform("terraform is not on the PATH")
    copy = folder / "terraform"
    shutil.copytree(ROOT, copy, ignore=_NOT_COPIED)
    configuration = _configuration(folder)
    terraform = Terraform(folder=copy, environment={**configuration, **(environment or {})})
    try:
        terraform.run("init", "-backend=false", "-lockfile=readonly", "-no-color", seconds=300)
    except TerraformFailed as failed:
        if configuration:
            raise
        raise NoTerraform(_NOT_HERE + str(failed)) from failed
    return terraform


def placeholder_package(folder: Path) -> Path:
    """An empty zip file: Terraform sends it and does not look inside."""
    package = folder / "lambda.zip"
    package.write_bytes(b"PK\x05\x06" + bytes(18))
    return package


def _configuration(folder: Path) -> dict[str, str]:
    """What tells Terraform where its provider is; empty if it has to ask the registry."""
    configured = os.environ.get("TF_CLI_CONFIG_FILE")
    if configured and Path(configured).is_file():
        return {"TF_CLI_CONFIG_FILE": configured}
    mirror = next((place for place in _places() if _has_provider(place)), None)
    if mirror is None:
        return {}
    file = folder / "terraform.rc"
    file.write_text(
        f"provider_installation {{\n  filesystem_mirror {{\n    path = {json.dumps(str(mirror))}\n  }}\n}}\n",
        encoding="utf-8",
    )
    return {"TF_CLI_CONFIG_FILE": str(file)}


def _places() -> Iterator[Path]:
    for variable in ("TF_PLUGIN_DIR", "TF_PLUGIN_CACHE_DIR"):
        if named := os.environ.get(variable):
            yield Path(named)
    bases = [
        Path.home() / ".terraform.d",
        Path("/usr/local/share"),
        Path("/usr/share"),
        Path("/opt"),
        Path("/srv"),
    ]
    for base in bases:
        for pattern in ("registry.terraform.io", "*/registry.terraform.io", "*/*/registry.terraform.io"):
            for found in base.glob(pattern):
                yield found.parent


def _has_provider(mirror: Path) -> bool:
    folder = mirror / PROVIDER
    return (folder / PROVIDER_VERSION).is_dir() or any(folder.glob(f"*_{PROVIDER_VERSION}_*.zip"))
