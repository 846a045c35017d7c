"""The Lambda package."""

import zipfile
from pathlib import Path

from tests.aws.package import Package


def test_two_builds_are_the_same_to_the_byte(package: Package, tmp_path: Path) -> None:
    again = Package.build(
        tmp_path, environment={"TZ": "Asia/Seoul", "PYTHONHASHSEED": "7", "TMPDIR": str(tmp_path)}
    )

    assert again.file.read_bytes() == package.file.read_bytes()


def test_it_is_small_and_holds_nothing_of_a_laptop(package: Package) -> None:
    names = zipfile.ZipFile(package.file).namelist()

    unwanted = ("moto", "boto3", "backend/entrypoints/up", "backend/entrypoints/local_aws", "streamlit", "tests")
    assert package.file.stat().st_size < 15_000_000
    assert [name for name in names if name.startswith(unwanted)] == []
    assert "backend/entrypoints/__pycache__/lambdas.cpython-312.pyc" in names
