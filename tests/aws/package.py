"""The Lambda package, built as ``make lambda-package`` does, and run by a Python of the Lambdas' version."""

import importlib.util
import os
import runpy
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "terraform" / "make_lambda_package.py"
BUILD_SECONDS = 150
IN_THE_RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six")
_find_python = runpy.run_path(str(SCRIPT))["find_python"]


class NoPackage(Exception):
    """The package could not be built here; the text says why."""


@dataclass(frozen=True)
class Package:
    """A package that was built."""

    file: Path

    @classmethod
    def build(cls, folder: Path, *, environment: Mapping[str, str] | None = None) -> "Package":
        """Build one in ``folder``.

        Raises:
            NoPackage: it could not be built here.
        """
        file = folder / "lambda.zip"
        finished = subprocess.run(
            [sys.executable, str(SCRIPT), str(file)],
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=BUILD_SECONDS,
        )
        if finished.returncode != 0:
            raise NoPackage(finished.stderr)
        return cls(file=file)

    def run(self, code: str, *, folder: Path, environment: Mapping[str, str]) -> str:
        """Run code by Python 3.12 as the runtime would: the package, boto3 and nothing else; what it prints."""
        task, runtime = folder / "task", folder / "runtime"
        with zipfile.ZipFile(self.file) as package:
            package.extractall(task)
        runtime.mkdir()
        for name in IN_THE_RUNTIME:
            spec = importlib.util.find_spec(name)
            assert spec is not None
            assert spec.origin is not None
            origin = Path(spec.origin)
            place = origin.parent if spec.submodule_search_locations else origin
            (runtime / place.name).symlink_to(place)
        finished = subprocess.run(
            [_find_python(), "-S", "-c", code],
            cwd=task,
            env={**environment, "PYTHONPATH": f"{task}:{runtime}", "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert finished.returncode == 0, finished.stderr
        return finished.stdout
