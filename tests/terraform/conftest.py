"""What the tests of Terraform's root share."""

from pathlib import Path

import pytest

from tests.terraform.checkov import NoCheckov, install_checkov
from tests.terraform.terraform import NoTerraform, Terraform, copy_of_root


@pytest.fixture(scope="session")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> Terraform:
    """An initialised copy of the root; the test is skipped, and says why, where it cannot be had."""
    try:
        return copy_of_root(tmp_path_factory.mktemp("terraform"))
    except NoTerraform as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def checkov() -> Path:
    """The program checkov; the test is skipped, and says why, where it cannot be had."""
    try:
        return install_checkov()
    except NoCheckov as reason:
        pytest.skip(str(reason))
