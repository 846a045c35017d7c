"""The project as a wheel: what `pip install` of it would bring."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
PROGRAMS = ("backend", "dashboard", "factory_mock")
NOT_SOURCE = shutil.ignore_patterns("__pycache__")


def test_a_wheel_has_every_file_of_the_three_programs(tmp_path: Path) -> None:
    source = tmp_path / "source"
    for program in PROGRAMS:
        shutil.copytree(CHECKOUT / program, source / program, ignore=NOT_SOURCE)
    for file in ("LICENSE", "README.md", "pyproject.toml"):
        shutil.copy(CHECKOUT / file, source)
    files = {path.relative_to(source).as_posix() for program in PROGRAMS for path in _files(source / program)}

    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-deps")
    subprocess.run(
        [*pip, "--no-build-isolation", "--no-index", "--wheel-dir", tmp_path, source], check=True, timeout=90
    )

    [wheel] = tmp_path.glob("*.whl")
    assert files - set(zipfile.ZipFile(wheel).namelist()) == set()


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
