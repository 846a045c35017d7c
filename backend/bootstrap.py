"""Settings to parts: the one place where engine, topic, queues and factory are put together."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from backend.adapters.factory import Factory
from backend.adapters.sns import Topic
from backend.adapters.sqs import Queue
from backend.adapters.topology import make_topology, topic_arn_beside
from backend.adapters.webhook import Webhook
from backend.domain.alert import AlertPace
from backend.domain.demo_shop import DEMO_PRODUCTS, FACTORY_ID
from backend.domain.shop import Shop
from backend.services import clock
from backend.services.products import NewProduct, open_shop
from backend.services.sweep import Patience
from backend.settings import Settings
from backend.store.engine import make_engine
from backend.store.everything import delete_everything
from backend.store.unit_of_work import Database

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

AWS_TIMEOUTS = Config(connect_timeout=2, read_timeout=10, retries={"mode": "standard", "max_attempts": 2})
SPARE_CONNECTIONS = 4


@dataclass(frozen=True)
class Parts:
    """What services are called with, each made when first asked for."""

    settings: Settings

    @cached_property
    def database(self) -> Database:
        """The database, with a connection for every thread that serves."""
        connections = self.settings.backend_threads + SPARE_CONNECTIONS
        return Database(make_engine(database_url=self.settings.database_url, connections=connections))

    @cached_property
    def queue(self) -> Queue:
        """``stock-queue``."""
        return Queue(client=self.sqs_client, name=self.settings.queue_name)

    @cached_property
    def dead_letter_queue(self) -> Queue:
        """``stock-dead-letter-queue``."""
        return Queue(client=self.sqs_client, name=self.settings.dead_letter_queue_name)

    @cached_property
    def topic(self) -> Topic:
        """``stock-empty``, of the account that the queue is in."""
        return Topic(
            client=self.sns_client,
            find_arn=lambda: topic_arn_beside(
                queue_arn=self.queue.find_arn(), topic_name=self.settings.topic_name
            ),
        )

    @cached_property
    def sqs_client(self) -> "SQSClient":
        """Of both queues. To make one takes a tenth of a second of processor time, and threads may share it."""
        return make_sqs_client(self.settings)

    @cached_property
    def sns_client(self) -> "SNSClient":
        """Of the topic."""
        return make_sns_client(self.settings)

    @cached_property
    def factory(self) -> Factory:
        """The factory at its URL."""
        settings = self.settings
        return Factory(url=settings.factory_url, timeout_seconds=settings.factory_timeout_seconds)

    @cached_property
    def shop(self) -> Shop:
        """The shop's own words and limits."""
        return Shop(
            topic=self.settings.topic_name,
            requester=self.settings.requester,
            requester_tel=self.settings.requester_tel,
            public_url=self.settings.public_url,
            callback_secrets=self.settings.callback_secrets,
        )

    @cached_property
    def patience(self) -> Patience:
        """How long the sweep waits."""
        return Patience(
            forgotten_after=timedelta(seconds=self.settings.forgotten_seconds),
            late_after=timedelta(seconds=self.settings.overdue_seconds),
        )

    @cached_property
    def webhook(self) -> Webhook | None:
        """Who hears of alerts, or None."""
        settings = self.settings
        if not settings.alert_webhook_url or not settings.alert_webhook_secret:
            return None
        return Webhook(url=settings.alert_webhook_url, secrets=settings.alert_webhook_secret)

    @cached_property
    def alert_pace(self) -> AlertPace:
        """How often is looked for what is wrong, and told."""
        quiet = timedelta(seconds=self.settings.alert_quiet_seconds)
        return AlertPace(
            quiet=quiet, gather=quiet / 10, drift_every=timedelta(seconds=self.settings.drift_seconds)
        )


def make_sns_client(settings: Settings) -> "SNSClient":
    """An SNS client of the settings' region and endpoint."""
    return aws_session(settings).client("sns", **client_options(settings))


def make_sqs_client(settings: Settings) -> "SQSClient":
    """An SQS client of the settings' region and endpoint."""
    return aws_session(settings).client("sqs", **client_options(settings))


def init_aws(settings: Settings) -> None:
    """Make topic and queues where they are missing.

    Raises:
        botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError: AWS refused or was not reached.
    """
    make_topology(
        sns=make_sns_client(settings),
        sqs=make_sqs_client(settings),
        topic_name=settings.topic_name,
        queue_name=settings.queue_name,
        dead_letter_queue_name=settings.dead_letter_queue_name,
    )


def seed_demo_shop(settings: Settings) -> bool:
    """Load the demo shop into a database without products; whether it was loaded."""
    products = [
        NewProduct(
            sku=demo.sku,
            name=demo.name,
            name_en=demo.name_en,
            price=demo.price,
            factory_id=FACTORY_ID,
            on_hand=demo.opening_stock,
            reorder_point=demo.reorder_point,
            lot_size=demo.lot_size,
        )
        for demo in DEMO_PRODUCTS
    ]
    database = Parts(settings).database
    try:
        return open_shop(database=database, products=products, actor="demo", clock=clock.now)
    finally:
        database.dispose()


def aws_session(settings: Settings) -> boto3.Session:
    """A session of the settings' region."""
    # A session of its own: boto3's default one must not be used from several threads at once.
    return boto3.Session(region_name=settings.aws_region)


def client_options(settings: Settings, *, timeouts: Config = AWS_TIMEOUTS) -> dict[str, Any]:
    """What a boto3 client of these settings is made with, beside the name of its service."""
    options: dict[str, Any] = {"config": timeouts}
    if settings.aws_endpoint_url:
        options["endpoint_url"] = settings.aws_endpoint_url
        if not settings.aws_access_key_id:  # a local AWS asks for some, and takes any
            options |= {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    return options


def reset_demo_shop(settings: Settings) -> None:
    """Delete every row, and load the demo shop anew."""
    database = Parts(settings).database
    with database.unit_of_work() as transaction:
        delete_everything(transaction)
        transaction.commit()
    database.dispose()
    seed_demo_shop(settings)


def find_pending_migration(settings: Settings) -> str | None:
    """What keeps the database from being up to date, or None.

    Raises:
        DatabaseUnavailable: it was not reached.
    """
    from backend.store.migrate import describe_pending  # Alembic is slow to import, and a Lambda seldom migrates

    return describe_pending(database_url=settings.database_url)


def migrate_database(settings: Settings) -> None:
    """Bring the database to the tables that this code expects."""
    from backend.store.migrate import upgrade

    upgrade(database_url=settings.database_url)
