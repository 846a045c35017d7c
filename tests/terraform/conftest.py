"""What the tests of Terraform's root share."""

from pathlib import Path

import pytest

from tests.terraform.checkov import install_checkov
from tests.terraform.terraform import Terraform, copy_of_root


@pytest.fixture(scope="session")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> Terraform:
    """An initialised copy of the root."""
    return copy_of_root(tmp_path_factory.mktemp("terraform"))


@pytest.fixture(scope="session")
def checkov() -> Path:
    """The program checkov, in a virtual environment of its own."""
    return install_checkov()
