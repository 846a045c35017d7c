"""The unmodified root is applied by environment variables only."""

from tests.aws.deployment import Deployment


def test_a_second_plan_changes_nothing(applied: Deployment) -> None:
    assert applied.plan() == ""


def test_every_function_is_deployed_with_its_own_handler(applied: Deployment) -> None:
    client = applied.client("lambda")

    handlers = {
        key: client.get_function_configuration(FunctionName=name)["Handler"]
        for key, name in applied.outputs()["function_names"].items()
    }

    assert handlers == {
        "sale": "backend.entrypoints.lambdas.sale",
        "stock-inc": "backend.entrypoints.lambdas.stock_inc",
        "stock-empty": "backend.entrypoints.lambdas.stock_empty",
        "sweep": "backend.entrypoints.lambdas.sweep",
        "migrate": "backend.entrypoints.lambdas.migrate",
    }


def test_no_secret_is_in_the_state(applied: Deployment) -> None:
    """Terraform makes the vessel; the migration fills it, and RDS keeps its own password."""
    state = (applied.terraform.folder / "terraform.tfstate").read_text(encoding="utf-8")
    secrets = applied.client("secretsmanager")
    database = secrets.get_secret_value(SecretId=applied.environment_of("sale")["FACTOAUTO_DATABASE_SECRET_ARN"])

    assert '"aws_secretsmanager_secret_version"' not in state
    assert database["SecretString"] not in state
