"""The deployed shop at work: the real handlers with what Terraform gave them, a database for RDS, a factory."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.aws.deployment import Deployment
from tests.aws.services import Function, Gateway, Poller
from tests.factory_mock.process import FactoryProcess
from tests.lambdas.loading import load_module, unload_module
from tests.lambdas.tls_database import HOST, TlsDatabase
from tests.servers.local_aws import CREDENTIALS
from tests.servers.ports import free_port
from tests.servers.waiting import wait_until

DONUT = "CP-502101"
STEP_SECONDS = 45


@dataclass
class DeployedShop:
    """What the tests drive."""

    environments: dict[str, dict[str, str]]
    gateway: Gateway
    poller: Poller
    folder: Path
    factory_port: int
    migrated: dict[str, bool]
    secrets: dict[str, str]
    dead_letter_queue_url: str
    factory: FactoryProcess | None = None

    def start_factory(self) -> None:
        """Start the factory mock where the functions look for it."""
        environment = {
            "FACTOAUTO_FACTORY_PORT": str(self.factory_port),
            "FACTOAUTO_LEAD_TIME_SECONDS": "0.2",
            "FACTOAUTO_VAR_DIR": str(self.folder),
        }
        self.factory = FactoryProcess(log=self.folder / "factory.log", environment=environment)
        self.factory.wait_until_ready()

    def stop_factory(self) -> None:
        """Take the factory off the net."""
        if self.factory:
            self.factory.end()
        self.factory = None

    def buy(self, sku: str = DONUT) -> str:
        """The original's purchase; the message that it is answered."""
        bought = self.gateway.ask("POST", "/send", body={"MessageAttributeProductId": sku})
        return str(bought["message"])

    def sell_out(self, sku: str = DONUT) -> int:
        """Buy until the shop asks for production; how many were sold."""
        sold = 0
        while (message := self.buy(sku)) == "판매완료":
            sold += 1
        assert message == "재고부족, 제품 생산 요청!"
        return sold

    def on_hand(self, sku: str = DONUT) -> int:
        """What is on the shelf."""
        return int(self.gateway.ask("GET", f"/api/products/{sku}")["on_hand"])

    def operate(self, path: str, body: dict[str, Any]) -> Any:
        """A POST of the operator."""
        token = self.secrets["operator_token"]
        return self.gateway.ask("POST", path, body=body, headers={"Authorization": f"Bearer {token}"})

    def work_until_on_hand(self, expected: int, *, sku: str = DONUT) -> None:
        """Let the consumer poll until the factory has filled the shelf."""

        def filled() -> bool:
            self.poller.poll()
            return self.on_hand(sku) == expected

        wait_until(filled, seconds=STEP_SECONDS, what=f"{expected} of {sku} on the shelf")


@contextmanager
def open_shop(deployed: Deployment, *, folder: Path) -> Iterator[DeployedShop]:
    """Migrate a real database, and run the functions on it, each with the environment that was deployed to it."""
    deployed_functions = deployed.functions()
    environment = deployed_functions["migrate"].environment
    secrets = deployed.client("secretsmanager")
    login = _read(secrets, environment["FACTOAUTO_DATABASE_SECRET_ARN"])
    gateway, database, port = Gateway(), TlsDatabase.start(), free_port()
    database.create_user(login["username"], login["password"])
    database.create_database(environment["FACTOAUTO_DATABASE_NAME"])
    here = {
        "AWS_REGION": CREDENTIALS["AWS_REGION"],
        "AWS_ENDPOINT_URL": deployed.endpoint_url,
        "FACTOAUTO_DATABASE_HOST": HOST,
        "FACTOAUTO_DATABASE_PORT": str(database.server.port),
        "FACTOAUTO_DATABASE_CA_FILE": str(database.certificate),
        "FACTOAUTO_FACTORY_URL": f"http://127.0.0.1:{port}",
        "FACTOAUTO_PUBLIC_URL": gateway.url,
    }
    environments = {key: {**one.environment, **here} for key, one in deployed_functions.items()}
    functions = {
        key: Function(
            module=load_module(environments[key]),
            handler=one.handler.rpartition(".")[2],
            timeout_seconds=one.timeout_seconds,
        )
        for key, one in deployed_functions.items()
    }
    gateway.functions = functions
    gateway.routes = {key: route.function for key, route in deployed.routes().items()}
    outputs = deployed.outputs()
    shop = DeployedShop(
        environments=environments,
        gateway=gateway,
        poller=Poller(
            sqs=deployed.client("sqs"),
            queue_url=outputs["queue_url"],
            function=functions["stock-empty"],
            batch=deployed.consumer()["BatchSize"],
        ),
        folder=folder,
        factory_port=port,
        migrated=functions["migrate"].invoke({"demo_shop": True}),
        secrets=_read(secrets, environment["FACTOAUTO_SECRETS_ARN"]),
        dead_letter_queue_url=outputs["dead_letter_queue_url"],
    )
    try:
        yield shop
    finally:
        shop.stop_factory()
        gateway.close()
        for function in functions.values():
            unload_module(function.module)
        database.stop()


def _read(client: Any, arn: str) -> dict[str, str]:
    held: dict[str, str] = json.loads(client.get_secret_value(SecretId=arn)["SecretString"])
    return held
