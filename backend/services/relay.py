"""Relay: publish what the outbox holds."""

from datetime import timedelta

import structlog

from backend.adapters.sns import PublishFailed, Topic
from backend.domain.backoff import longest_wait_seconds
from backend.domain.time_budget import UNLIMITED, TimeBudget
from backend.services.clock import Clock
from backend.store import outbox
from backend.store.outbox import ClaimedMessage
from backend.store.replenishments import get_replenishment, mark_published
from backend.store.unit_of_work import Database

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)
AT_A_TIME = 10
BACKOFF_CEILING = 6
PUBLISH_SECONDS = 8
"""What publishing takes where the topic hangs (a Lambda's gives up after seven), and writing that down."""


def relay(*, database: Database, topic: Topic, clock: Clock, budget: TimeBudget = UNLIMITED) -> int:
    """Publish the oldest waiting messages, at most ten; how many were published.

    Several may run at once, anywhere. A message that cannot be published waits for its turn again while the
    others go on. What there is no time for is left to the next.

    Raises:
        DatabaseUnavailable: what was published and not noted is published again.
    """
    if not budget.has(PUBLISH_SECONDS):
        return 0
    with database.snapshot() as transaction:
        if not outbox.has_claimable(transaction, now=clock()):
            return 0
    with database.unit_of_work() as transaction:
        claimed = outbox.claim_messages(transaction, now=clock(), lease=LEASE, limit=AT_A_TIME)
        transaction.commit()
    published = 0
    for begun, one in enumerate(claimed):
        if not budget.has(PUBLISH_SECONDS):
            _give_back(database=database, claimed=claimed[begun:])
            break
        published += _publish(database=database, topic=topic, claimed=one, clock=clock)
    return published


def _give_back(*, database: Database, claimed: list[ClaimedMessage]) -> None:
    with database.unit_of_work() as transaction:
        outbox.release_messages(transaction, [one.id for one in claimed])
        transaction.commit()


def _publish(*, database: Database, topic: Topic, claimed: ClaimedMessage, clock: Clock) -> bool:
    message = claimed.message
    sent_at = clock()  # before it is: the worker may place the order before we have noted anything
    try:
        topic.publish(
            subject=message.subject,
            body=message.body,
            attributes=message.attributes,
            message_group=message.message_group,
        )
    except PublishFailed as error:
        wait = longest_wait_seconds(failures=min(claimed.attempts + 1, BACKOFF_CEILING))
        with database.unit_of_work() as transaction:
            outbox.mark_message_failed(
                transaction, claimed.id, error=str(error), retry_at=clock() + timedelta(seconds=wait)
            )
            transaction.commit()
        log.warning(
            "publish failed", replenishment_id=message.replenishment_id, error=str(error), retry_seconds=wait
        )
        return False
    with database.unit_of_work() as transaction:
        replenishment = get_replenishment(transaction, message.replenishment_id)
        mark_published(transaction, message.replenishment_id, now=sent_at)
        outbox.mark_message_published(transaction, claimed.id, now=clock())
        transaction.commit()
    log.info(
        "published",
        replenishment_id=message.replenishment_id,
        correlation_id=replenishment.correlation_id if replenishment else None,
        sku=message.message_group,
    )
    return True
