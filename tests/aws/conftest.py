"""The root, applied once to a local AWS, for all tests of this folder.

The files run in the order of their names: apply, drive, destroy. Nothing is left when a run is cut short:
the local AWS ends with pytest and keeps nothing.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.aws.deployment import APPLY_SECONDS, DESTROY_SECONDS, Deployment
from tests.aws.local_aws import WholeLocalAws
from tests.aws.package import NoPackage, Package
from tests.terraform.terraform import NoTerraform, copy_of_root, placeholder_package

VARIABLES = {
    "TF_VAR_factory_mock_image": "example/factory-mock:1",
    "TF_VAR_deletion_protection": "false",
    "TF_VAR_database_final_snapshot": "false",
    "TF_VAR_dashboard_image": "example/dashboard:1",
    "TF_VAR_docs_image": "example/docs:1",
    "TF_VAR_dashboard_allowed_cidrs": '["203.0.113.0/24"]',
    "TF_VAR_alarm_email": "operator@example.com",
}


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave this folder out of a plain ``pytest``: it takes minutes. ``pytest tests/aws`` runs it."""
    named = any(
        Path(argument.split("::")[0]).resolve().is_relative_to(Path(__file__).parent) for argument in config.args
    )
    return None if named else True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test the time of the longest step: the first one waits for the apply."""
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(APPLY_SECONDS + DESTROY_SECONDS))


@pytest.fixture(scope="session")
def whole_local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeLocalAws]:
    """The local AWS of this run."""
    server = WholeLocalAws.start(folder=tmp_path_factory.mktemp("aws"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Package | NoPackage:
    """The package, or why there is none."""
    try:
        return Package.build(tmp_path_factory.mktemp("package"))
    except NoPackage as reason:
        return reason


@pytest.fixture(scope="session")
def package(built: Package | NoPackage) -> Package:
    """The package; the test is skipped, and says why, where it cannot be built."""
    if isinstance(built, NoPackage):
        pytest.skip(str(built))
    return built


@pytest.fixture(scope="session")
def deployment(
    whole_local_aws: WholeLocalAws, built: Package | NoPackage, tmp_path_factory: pytest.TempPathFactory
) -> Deployment:
    """The root, initialised beside an empty account; not applied yet.

    Who asks for these tests by name asks for an apply: where there can be none they fail rather than skip.
    """
    folder = tmp_path_factory.mktemp("root")
    code = built.file if isinstance(built, Package) else placeholder_package(folder)
    variables = {**VARIABLES, "TF_VAR_lambda_package": str(code)}
    try:
        terraform = copy_of_root(folder, environment={**variables, **whole_local_aws.environment})
    except NoTerraform as reason:
        pytest.fail(f"nothing can be applied: {reason}", pytrace=False)
    return Deployment(terraform=terraform, endpoint_url=whole_local_aws.environment["AWS_ENDPOINT_URL"])


@pytest.fixture(scope="session")
def empty_account(deployment: Deployment) -> dict[str, int]:
    """What was in the account before anything was applied."""
    return deployment.inventory()


@pytest.fixture(scope="session")
def applied(deployment: Deployment, empty_account: dict[str, int]) -> Deployment:
    """The root, applied; its consumer still reads the queue, as Terraform left it."""
    deployment.apply()
    return deployment


@pytest.fixture(scope="session")
def deployed(applied: Deployment) -> Deployment:
    """The root, applied, and its queue left to the tests: to drive it through the handlers."""
    applied.take_over_the_queue()
    return applied
