"""The unmodified root is applied by environment variables only."""

import json

from backend.adapters.factory import Factory
from backend.services.sweep import NOTE_SECONDS
from tests.aws.deployment import Deployment

OURS = {"Project": "factoauto", "ManagedBy": "terraform"}


def test_a_second_plan_changes_nothing(applied: Deployment) -> None:
    assert applied.plan() == ""


def test_every_function_is_deployed_with_its_own_handler(applied: Deployment) -> None:
    handlers = {key: function.handler for key, function in applied.functions().items()}

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
    database = secrets.get_secret_value(
        SecretId=applied.functions()["sale"].environment["FACTOAUTO_DATABASE_SECRET_ARN"]
    )

    assert '"aws_secretsmanager_secret_version"' not in state
    assert database["SecretString"] not in state


def test_the_gateway_waits_as_long_as_the_function_that_it_calls(applied: Deployment) -> None:
    functions, routes = applied.functions(), applied.routes()

    assert {route.function for route in routes.values()} == {"sale", "stock-inc"}
    for route in routes.values():
        assert route.timeout_seconds == functions[route.function].timeout_seconds


def test_the_last_order_of_a_batch_is_begun_though_the_factory_hung_at_the_others(applied: Deployment) -> None:
    consumer = applied.functions()["stock-empty"]
    factory_seconds = float(consumer.environment["FACTOAUTO_FACTORY_TIMEOUT_SECONDS"])
    longest = Factory(url="https://factory.example", timeout_seconds=factory_seconds).longest_seconds

    assert applied.consumer()["BatchSize"] * longest + NOTE_SECONDS < consumer.timeout_seconds


def test_the_sweep_takes_for_lost_what_the_queue_can_no_longer_hide(applied: Deployment) -> None:
    queue = applied.client("sqs").get_queue_attributes(
        QueueUrl=applied.outputs()["queue_url"], AttributeNames=["VisibilityTimeout", "RedrivePolicy"]
    )["Attributes"]
    most = int(queue["VisibilityTimeout"]) * int(json.loads(queue["RedrivePolicy"])["maxReceiveCount"])

    assert float(applied.functions()["sweep"].environment["FACTOAUTO_FORGOTTEN_SECONDS"]) == most


def test_no_log_is_kept_for_ever(applied: Deployment) -> None:
    groups = applied.client("logs").describe_log_groups()["logGroups"]

    assert {group["logGroupName"] for group in groups} >= {
        f"/aws/lambda/{name}" for name in applied.outputs()["function_names"].values()
    }
    assert {group.get("retentionInDays") for group in groups} == {30}


def test_what_is_billed_carries_the_projects_tags(applied: Deployment) -> None:
    [database] = applied.client("rds").describe_db_instances()["DBInstances"]
    queue = applied.client("sqs").list_queue_tags(QueueUrl=applied.outputs()["queue_url"])["Tags"]
    network = applied.client("ec2").describe_nat_gateways()["NatGateways"][0]["Tags"]

    tagged = [queue, *({tag["Key"]: tag["Value"] for tag in tags} for tags in (database["TagList"], network))]
    assert [tags | OURS for tags in tagged] == tagged
