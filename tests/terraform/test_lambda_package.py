"""What is put into the Lambda package beside the code. ``tests/aws`` builds the whole."""

import runpy
from pathlib import Path

import pytest

from tests.factory_mock.certificates import write_certificate
from tests.terraform.terraform import ROOT

SCRIPT = runpy.run_path(str(ROOT / "make_lambda_package.py"))


def test_the_databases_authorities_are_where_the_variable_says(tmp_path: Path) -> None:
    authorities = write_certificate(tmp_path / "bundle.pem", name="an authority")
    (tmp_path / "tree").mkdir()

    SCRIPT["add_authorities"](tmp_path / "tree", authorities)

    assert (tmp_path / "tree" / "rds-ca.pem").read_bytes() == authorities.read_bytes()
    assert "such as /var/task/rds-ca.pem" in (ROOT / "variables_data.tf").read_text(encoding="utf-8")


@pytest.mark.parametrize("content", [None, b"", b"<html>", b"-----BEGIN CERTIFICATE-----"])
def test_what_is_no_authority_is_not_packed(tmp_path: Path, content: bytes | None) -> None:
    """A function with such a file would reach no database, and only AWS would show it."""
    file = tmp_path / "bundle.pem"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(SCRIPT["PackageFailed"], match="CA_FILE"):
        SCRIPT["add_authorities"](tmp_path, file)

    assert not (tmp_path / "rds-ca.pem").exists()
