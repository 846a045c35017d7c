"""The root as deployed: its outputs, clients to look at it, and what a function was given."""

import json
from collections.abc import Sequence
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

_GONE = ("deleted", "inactive")

# What is different from one empty account to the next; moto keeps some deleted things in other lists.
_INVENTORY = (
    ("apigatewayv2", "get_apis", "Items"),
    ("cloudwatch", "describe_alarms", "MetricAlarms"),
    ("cloudwatch", "list_dashboards", "DashboardEntries"),
    ("ec2", "describe_addresses", "Addresses"),
    ("ec2", "describe_internet_gateways", "InternetGateways"),
    ("ec2", "describe_nat_gateways", "NatGateways"),
    ("ec2", "describe_route_tables", "RouteTables"),
    ("ec2", "describe_security_groups", "SecurityGroups"),
    ("ec2", "describe_subnets", "Subnets"),
    ("ec2", "describe_vpc_endpoints", "VpcEndpoints"),
    ("ec2", "describe_vpcs", "Vpcs"),
    ("ecr", "describe_repositories", "repositories"),
    ("ecs", "list_task_definitions", "taskDefinitionArns"),
    ("elbv2", "describe_load_balancers", "LoadBalancers"),
    ("elbv2", "describe_target_groups", "TargetGroups"),
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
    ("servicediscovery", "list_services", "Services"),
    ("sns", "list_subscriptions", "Subscriptions"),
    ("sns", "list_topics", "Topics"),
    ("sqs", "list_queues", "QueueUrls"),
)


@dataclass(frozen=True)
class DeployedFunction:
    """What Terraform made of a function."""

    handler: str
    timeout_seconds: int
    environment: dict[str, str]

    @classmethod
    def read(cls, configuration: dict[str, Any]) -> "DeployedFunction":
        """From Lambda's answer."""
        return cls(
            handler=configuration["Handler"],
            timeout_seconds=configuration["Timeout"],
            environment=configuration["Environment"]["Variables"],
        )


@dataclass(frozen=True)
class Route:
    """Where a route leads, and how long the gateway waits there."""

    function: str
    timeout_seconds: float


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

    def functions(self) -> dict[str, DeployedFunction]:
        """Every function, named as in the output ``function_names``."""
        client, names = self.client("lambda"), self.outputs()["function_names"]
        return {
            key: DeployedFunction.read(client.get_function_configuration(FunctionName=name))
            for key, name in names.items()
        }

    def routes(self) -> dict[str, Route]:
        """The gateway's routes by their keys, such as ``POST /send``."""
        client = self.client("apigatewayv2")
        [api] = client.get_apis()["Items"]
        integrations = {
            f"integrations/{one['IntegrationId']}": one
            for one in client.get_integrations(ApiId=api["ApiId"])["Items"]
        }
        keys = {name: key for key, name in self.outputs()["function_names"].items()}
        return {
            route["RouteKey"]: Route(
                function=keys[integration["IntegrationUri"].split(":function:")[1].removesuffix("/invocations")],
                timeout_seconds=integration["TimeoutInMillis"] / 1000,
            )
            for route in client.get_routes(ApiId=api["ApiId"])["Items"]
            for integration in [integrations[route["Target"]]]
        }

    def consumer(self) -> dict[str, Any]:
        """The event source mapping of the queue."""
        found: dict[str, Any] = self.client("lambda").get_event_source_mapping(
            UUID=self.outputs()["event_source_mapping_id"]
        )
        return found

    def take_over_the_queue(self) -> None:
        """Disable the event source mapping: it would take the messages, and the local AWS runs no code."""
        self.client("lambda").update_event_source_mapping(
            UUID=self.outputs()["event_source_mapping_id"], Enabled=False
        )

    def inventory(self) -> dict[str, int]:
        """How many of each kind of thing there are in the account."""
        counted = {
            f"{service} {call}": _count(getattr(self.client(service), call)().get(key, []))
            for service, call, key in _INVENTORY
        }
        ecs = self.client("ecs")
        clusters = ecs.describe_clusters(clusters=ecs.list_clusters()["clusterArns"])["clusters"]
        return {**counted, "ecs describe_clusters": _count(clusters)}


def _count(listed: Sequence[Any]) -> int:
    """How many of them are there: some are listed for a while after they were deleted."""
    states = (one.get("State") or one.get("status") for one in listed if isinstance(one, dict))
    return len(listed) - sum(str(state).lower() in _GONE for state in states)
