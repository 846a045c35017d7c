"""The Lambdas: the original's three, the sweep, and the migration that ``terraform apply`` invokes.

Each translates an AWS event to the same Flask app or the same service as on a laptop. Neither an event nor a body
is ever logged.
"""

import random
import warnings
from collections.abc import Callable
from datetime import timedelta
from functools import partial, wraps
from typing import Any

import structlog
from apig_wsgi import make_lambda_handler
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from backend import settings
from backend.adapters.sqs import QueueUnavailable, Record
from backend.bootstrap import Parts
from backend.bootstrap_lambda import LambdaParts, load_secrets, make_secrets, read_login
from backend.domain.time_budget import TimeBudget
from backend.entrypoints.alerting import watch_and_tell
from backend.entrypoints.app import create_app
from backend.entrypoints.lambda_answers import small_enough
from backend.entrypoints.lambda_migration import prepare_shop
from backend.entrypoints.logs import configure_logs
from backend.services import clock
from backend.services.order import TryAgain, order_from_message
from backend.services.relay import relay
from backend.services.sample import sample_queues
from backend.services.sweep import NOTE_SECONDS
from backend.services.sweep import sweep as sweep_shop

Event = dict[str, Any]
Handler = Callable[[Event, LambdaContext], Any]

SAMPLE_EVERY = timedelta(minutes=1)
LAST_SECONDS = 10
"""What the sweep keeps of its time, to publish what it found."""

configured = settings.load()
configure_logs(level=configured.log_level)
logger = Logger(level=configured.log_level)
metrics = Metrics()
vault = make_secrets(configured)


class NotOrdered(Exception):
    """The message stays on the queue."""


class Running:
    """The parts and the app of this Lambda, made anew when a secret was changed."""

    def __init__(self) -> None:
        self._parts: LambdaParts | None = None
        self._app: Handler | None = None

    def parts(self) -> Parts:
        """What services are called with.

        Raises:
            SecretEmpty, SecretUnavailable, SecretUnreadable: see there.
        """
        current = load_secrets(configured, vault)
        if self._parts is None or self._parts.settings != current:
            if self._parts is not None:
                self._parts.database.dispose()
            self._app = None
            self._parts = LambdaParts(
                settings=current, read_login_anew=lambda: read_login(configured, vault, anew=True)
            )
        return self._parts

    def app(self) -> Handler:
        """The Flask app as a Lambda handler."""
        parts = self.parts()
        if self._app is None:
            self._app = make_lambda_handler(create_app(parts))
        return self._app


running = Running()


def _observed(handler: Handler) -> Handler:
    """Log in JSON with the request's id, and count as EMF metrics; never the event."""

    @logger.inject_lambda_context(log_event=False, clear_state=True)
    @metrics.log_metrics(capture_cold_start_metric=True, raise_on_empty_metrics=False)
    def measured(event: Event, context: LambdaContext) -> Any:
        with structlog.contextvars.bound_contextvars(aws_request_id=context.aws_request_id):
            return handler(event, context)

    @wraps(handler)
    def run(event: Event, context: LambdaContext) -> Any:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="No application metrics")  # most events count nothing
            return measured(event, context)

    return run


@_observed
def sale(event: Event, context: LambdaContext) -> Any:
    """API Gateway → the Flask app; then publish what ran short, while there is time."""
    answer = small_enough(running.app()(event, context))
    if event["requestContext"]["http"]["method"] not in ("GET", "HEAD", "OPTIONS"):
        _relay_after(answer, context)
    return answer


@_observed
def stock_inc(event: Event, context: LambdaContext) -> Any:
    """API Gateway → the callback; a delivery may leave the product short still."""
    answer = running.app()(event, context)
    _relay_after(answer, context)
    return answer


@_observed
def stock_empty(event: Event, context: LambdaContext) -> Any:
    """``stock-queue`` → orders to the factory; those that failed are reported one by one."""
    parts = running.parts()
    return process_partial_response(
        event=event,
        record_handler=lambda record: _order(parts, record, context),
        processor=BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False),
        context=context,
    )


@_observed
def sweep(event: Event, context: LambdaContext) -> dict[str, int]:
    """Every minute: publish leftovers, sample the queues, alert, find what was forgotten, ask for what is late."""
    parts, budget = running.parts(), _budget(context)
    published = _relay_in_time(parts, budget.less(budget.seconds_left() / 2))
    _sample(parts)
    alert_messages = _alert(parts, budget.less(budget.seconds_left() / 2))  # a slow factory is one to hear of
    swept = sweep_shop(
        database=parts.database,
        factory=parts.factory,
        shop=parts.shop,
        clock=clock.now,
        patience=parts.patience,
        budget=budget.less(LAST_SECONDS),
    )
    published += _relay_in_time(parts, budget)
    did = {
        "published": published,
        "published_again": swept.published_again,
        "asked_again": swept.asked_again,
        "alert_messages": alert_messages,
    }
    logger.info("swept", extra=did)
    return did


@_observed
def migrate(event: Event, context: LambdaContext) -> dict[str, bool]:
    """Invoked by the apply, with ``{"demo_shop": bool}``: secrets where there are none, tables, the demo shop."""
    demo_shop = event.get("demo_shop", False)
    if not isinstance(demo_shop, bool):
        raise TypeError("demo_shop must be true or false")
    did = prepare_shop(configured, vault, demo_shop=demo_shop)
    logger.info("migrated", extra=did)
    return did


def _order(parts: Parts, record: SQSRecord, context: LambdaContext) -> None:
    received = Record(
        message_id=record.message_id,
        receipt_handle=record.receipt_handle,
        body=record.body,
        receive_count=int(record.attributes.approximate_receive_count),
    )
    if not _budget(context).has(parts.factory.longest_seconds + NOTE_SECONDS):
        parts.queue.show_again_in(received, seconds=0)
        raise NotOrdered("the function's time was nearly up")
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


def _sample(parts: Parts) -> None:
    try:
        sample_queues(
            database=parts.database,
            queue=parts.queue,
            dead_letter_queue=parts.dead_letter_queue,
            every=SAMPLE_EVERY,
            clock=clock.now,
        )
    except QueueUnavailable as error:  # the factory can be asked all the same
        logger.warning("not sampled", extra={"error": str(error)})


def _alert(parts: Parts, budget: TimeBudget) -> int:
    try:
        return watch_and_tell(parts, budget=budget)
    except Exception as error:  # whatever is wrong with alerts, the shop is swept
        logger.warning("no alerts", extra={"error": type(error).__name__})
        return 0


def _relay_after(answer: Event, context: LambdaContext) -> None:
    """Publish what the request wrote. It is committed and answered: a failure here is the sweep's to mend.

    One that failed has written nothing that is known of, and the answer must not wait for the same database again.
    """
    if answer["statusCode"] >= 500:
        return
    try:
        _relay_in_time(running.parts(), _budget(context))
    except Exception as error:
        logger.warning("left to the sweep", extra={"error": type(error).__name__})


def _relay_in_time(parts: Parts, budget: TimeBudget) -> int:
    batch = partial(relay, database=parts.database, topic=parts.topic, clock=clock.now, budget=budget)
    published = sum(iter(batch, 0))
    if published:
        metrics.add_metric(name="PublishedShortages", unit=MetricUnit.Count, value=published)
    return published


def _budget(context: LambdaContext) -> TimeBudget:
    return TimeBudget(lambda: context.get_remaining_time_in_millis() / 1000)
