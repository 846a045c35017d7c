"""The root as deployed: its outputs, clients to look at it, and what a function was given."""

import json
from dataclasses import dataclass
from typing import Any

import boto3

from tests.servers.local_aws import CREDENTIALS
from tests.terraform.terraform import Terraform

# Hard limits, in seconds: about twice what each took on two busy cores.
APPLY_SECONDS = 330
PLAN_SECONDS = 60
DESTROY_SECONDS = 180
_NO_CHANGES, _CHANGES = 0, 2
_AT_ONCE = "-parallelism=40"  # the provider mostly waits

# What is different from one empty account to the next; moto keeps some deleted things in other lists.
_INVENTORY = (
    ("apigatewayv2", "get_apis", "Items"),
    ("cloudwatch", "describe_alarms", "MetricAlarms"),
    ("cloudwatch", "list_dashboards", "DashboardEntries"),
    ("ec2", "describe_addresses", "Addresses"),
    ("ec2", "describe_security_groups", "SecurityGroups"),
    ("ec2", "describe_subnets", "Subnets"),
    ("ec2", "describe_vpcs", "Vpcs"),
    ("ecr", "describe_repositories", "repositories"),
    ("elbv2", "describe_load_balancers", "LoadBalancers"),
    ("iam", "list_roles", "Roles"),
    ("lambda", "list_event_source_mappings", "EventSourceMappings"),
    ("lambda", "list_functions", "Functions"),
    ("logs", "describe_log_groups", "logGroups"),
    ("rds", "describe_db_instances", "DBInstances"),
    ("rds", "describe_db_parameter_groups", "DBParameterGroups"),
    ("rds", "describe_db_proxies", "DBProxies"),
    ("rds", "describe_db_snapshots", "DBSnapshots"),
    ("rds", "describe_db_subnet_groups", "DBSubnetGroups"),
    ("scheduler", "list_schedules", "Schedules"),
    ("secretsmanager", "list_secrets", "SecretList"),
    ("servicediscovery", "list_namespaces", "Namespaces"),
    ("sns", "list_subscriptions", "Subscriptions"),
    ("sns", "list_topics", "Topics"),
    ("sqs", "list_queues", "QueueUrls"),
)


@dataclass(frozen=True)
class Deployment:
    """A copy of the root and the local AWS that it is applied to."""

    terraform: Terraform
    endpoint_url: str

    def apply(self) -> None:
        """Apply the root, unmodified.

        Raises:
            TerraformFailed: see ``Terraform.run``.
        """
        self.terraform.run("apply", "-auto-approve", "-no-color", _AT_ONCE, seconds=APPLY_SECONDS)

    def plan(self) -> str:
        """What another apply would change, as Terraform prints it; empty if nothing."""
        printed = self.terraform.run(
            "plan",
            "-detailed-exitcode",
            "-no-color",
            _AT_ONCE,
            seconds=PLAN_SECONDS,
            accept=(_NO_CHANGES, _CHANGES),
        )
        return "" if "No changes." in printed else printed

    def destroy(self) -> None:
        """Destroy everything.

        Raises:
            TerraformFailed: see ``Terraform.run``.
        """
        self.terraform.run("destroy", "-auto-approve", "-no-color", _AT_ONCE, seconds=DESTROY_SECONDS)

    def outputs(self) -> dict[str, Any]:
        """The values of Terraform's outputs."""
        printed = json.loads(self.terraform.run("output", "-json", seconds=PLAN_SECONDS))
        return {name: output["value"] for name, output in printed.items()}

    def resources(self) -> list[str]:
        """The addresses of everything in Terraform's state."""
        return self.terraform.run("state", "list", seconds=PLAN_SECONDS).split()

    def client(self, service: str) -> Any:
        """A boto3 client of the local AWS."""
        return boto3.client(
            service,  # type: ignore[call-overload]
            endpoint_url=self.endpoint_url,
            region_name=CREDENTIALS["AWS_REGION"],
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        )

    def environment_of(self, function: str) -> dict[str, str]:
        """The environment that Terraform gave to a function, named as in the output ``function_names``."""
        name = self.outputs()["function_names"][function]
        configuration = self.client("lambda").get_function_configuration(FunctionName=name)
        environment: dict[str, str] = configuration["Environment"]["Variables"]
        return environment

    def take_over_the_queue(self) -> None:
        """Disable the event source mapping: it would take the messages, and the local AWS runs no code."""
        self.client("lambda").update_event_source_mapping(
            UUID=self.outputs()["event_source_mapping_id"], Enabled=False
        )

    def inventory(self) -> dict[str, int]:
        """How many of each kind of thing there are in the account."""
        return {
            f"{service} {call}": len(getattr(self.client(service), call)().get(key, []))
            for service, call, key in _INVENTORY
        }
