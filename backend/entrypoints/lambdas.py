"""The Lambdas: the original's three, the sweep, and the migration that ``terraform apply`` invokes.

Each translates an AWS event to the same Flask app or the same service as on a laptop. Neither an event nor a body
is ever logged.
"""

import random
import secrets as random_secrets
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

import structlog
from apig_wsgi import make_lambda_handler
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from backend import settings
from backend.adapters.secrets import SecretEmpty
from backend.adapters.sqs import Record
from backend.bootstrap import Parts, load_secrets, make_secrets, migrate_database, seed_demo_shop
from backend.entrypoints.app import create_app
from backend.services import clock
from backend.services.order import TryAgain, order_from_message
from backend.services.relay import relay
from backend.services.sample import sample_queues
from backend.services.sweep import sweep as sweep_shop

Event = dict[str, Any]
Handler = Callable[[Event, LambdaContext], Any]
H = TypeVar("H", bound=Handler)

RELAY_RESERVE_MILLISECONDS = 5_000
"""What must be left of a Lambda's time to begin publishing another batch."""
SAMPLE_EVERY = timedelta(minutes=1)

logger = Logger()
metrics = Metrics()
configured = settings.load()
vault = make_secrets(configured)


class NotOrdered(Exception):
    """The message stays on the queue."""


class Running:
    """The parts and the app of this Lambda, made anew when a secret was rotated."""

    def __init__(self) -> None:
        self._parts: Parts | None = None
        self._app: Handler | None = None

    def parts(self) -> Parts:
        """What services are called with."""
        current = load_secrets(configured, vault)
        if self._parts is None or self._parts.settings != current:
            self._parts, self._app = Parts(current), None
        return self._parts

    def app(self) -> Handler:
        """The Flask app as a Lambda handler."""
        parts = self.parts()
        if self._app is None:
            self._app = make_lambda_handler(create_app(parts))
        return self._app


running = Running()


def _observed(handler: H) -> Handler:
    """Log in JSON with the request's id, and count as EMF metrics; never the event."""

    @logger.inject_lambda_context(log_event=False, clear_state=True)
    @metrics.log_metrics(capture_cold_start_metric=True, raise_on_empty_metrics=False)
    @wraps(handler)
    def run(event: Event, context: LambdaContext) -> Any:
        with structlog.contextvars.bound_contextvars(aws_request_id=context.aws_request_id):
            return handler(event, context)

    return run  # type: ignore[no-any-return]


@_observed
def sale(event: Event, context: LambdaContext) -> Any:
    """API Gateway → the Flask app; then publish what ran short, while there is time."""
    answer = running.app()(event, context)
    if _method(event) not in ("GET", "HEAD", "OPTIONS"):
        _relay_in_time(running.parts(), context)
    return answer


@_observed
def stock_inc(event: Event, context: LambdaContext) -> Any:
    """API Gateway → the callback; a delivery may leave the product short still."""
    answer = running.app()(event, context)
    _relay_in_time(running.parts(), context)
    return answer


@_observed
def stock_empty(event: Event, context: LambdaContext) -> Any:
    """``stock-queue`` → orders to the factory; those that failed are reported one by one."""
    parts = running.parts()
    return process_partial_response(
        event=event,
        record_handler=lambda record: _order(parts, record),
        processor=BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False),
        context=context,
    )


@_observed
def sweep(event: Event, context: LambdaContext) -> dict[str, int]:
    """Every minute: publish leftovers, ask again for what is late, sample the queues."""
    parts = running.parts()
    published = _relay_in_time(parts, context)
    sample_queues(
        database=parts.database,
        queue=parts.queue,
        dead_letter_queue=parts.dead_letter_queue,
        every=SAMPLE_EVERY,
        clock=clock.now,
    )
    swept = sweep_shop(
        database=parts.database,
        factory=parts.factory,
        shop=parts.shop,
        clock=clock.now,
        patience=parts.patience,
    )
    published += _relay_in_time(parts, context)
    return {
        "published": published,
        "published_again": swept.published_again,
        "asked_again": swept.asked_again,
    }


@_observed
def migrate(event: Event, context: LambdaContext) -> dict[str, bool]:
    """Invoked by the apply: make the secrets where there are none, migrate, load the demo shop if asked."""
    made = _make_missing_secrets()
    current = load_secrets(configured, vault)
    migrate_database(current)
    seeded = bool(event.get("demo_shop")) and seed_demo_shop(current)
    return {"secrets_made": made, "demo_shop_loaded": seeded}


def _order(parts: Parts, record: SQSRecord) -> None:
    received = Record(
        message_id=record.message_id,
        receipt_handle=record.receipt_handle,
        body=record.body,
        receive_count=int(record.attributes.approximate_receive_count),
    )
    verdict = order_from_message(
        database=parts.database,
        factory=parts.factory,
        shop=parts.shop,
        clock=clock.now,
        body=received.body,
        receive_count=received.receive_count,
        draw=random.random(),  # noqa: S311 (jitter)
    )
    if isinstance(verdict, TryAgain):
        metrics.add_metric(name="FailedOrders", unit=MetricUnit.Count, value=1)
        parts.queue.show_again_in(received, seconds=verdict.seconds)
        raise NotOrdered(received.message_id)


def _relay_in_time(parts: Parts, context: LambdaContext) -> int:
    published = 0
    while context.get_remaining_time_in_millis() > RELAY_RESERVE_MILLISECONDS:
        batch = relay(database=parts.database, topic=parts.topic, clock=clock.now)
        published += batch
        if not batch:
            break
    if published:
        metrics.add_metric(name="PublishedShortages", unit=MetricUnit.Count, value=published)
    return published


def _make_missing_secrets() -> bool:
    """Fill the empty secret that Terraform made, once; whether it was empty."""
    try:
        vault.read(configured.secrets_arn)
    except SecretEmpty:
        names = ("callback_secrets", "operator_token", "dashboard_password")
        vault.write(configured.secrets_arn, {name: random_secrets.token_urlsafe(32) for name in names})
        return True
    return False


def _method(event: Event) -> str:
    return str(event.get("requestContext", {}).get("http", {}).get("method", ""))
