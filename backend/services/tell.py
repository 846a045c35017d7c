"""Tell: have the operator's webhook hear of the alerts that changed.

What is to be told becomes messages in one transaction, which also notes it as told; each message is then sent,
outside any transaction, until it is taken. The next ones are written only when all are delivered: while a receiver
is down nothing piles up, and afterwards it hears in one message of everything that changed meanwhile.
"""

from datetime import timedelta

import structlog

from backend.adapters.webhook import NotDelivered, Webhook
from backend.domain.alert import AlertPace
from backend.domain.alert_message import write_message
from backend.domain.backoff import longest_wait_seconds
from backend.domain.shop import Shop
from backend.domain.time_budget import UNLIMITED, TimeBudget
from backend.services.clock import Clock, new_id
from backend.store import alert_messages, alerts
from backend.store.alert_checks import Check, lock_check
from backend.store.alert_messages import AlertMessage
from backend.store.unit_of_work import Database, Transaction, UniqueViolation

log = structlog.get_logger(__name__)

ALERTS_A_MESSAGE = 30
"""With the longest texts still less than MySQL's TEXT holds, 64 KiB."""
ALERTS_AT_A_TIME = 1000
LEASE = timedelta(seconds=30)
NOTE_SECONDS = 3
"""What a message takes beside the receiver's answer: connecting to it, and writing down that it was taken."""
BACKOFF_CEILING = 6
MESSAGE_RETENTION = timedelta(days=7)


def tell(
    *,
    database: Database,
    webhook: Webhook | None,
    shop: Shop,
    pace: AlertPace,
    clock: Clock,
    budget: TimeBudget = UNLIMITED,
) -> int:
    """Send what is to be told; how many messages were taken. Without a webhook nothing is kept to be told later.

    Several may run at once: each message is sent by one of them, and again only by the same id.

    Raises:
        DatabaseUnavailable: what was sent and not noted is sent again, by the same id.
    """
    if webhook is None:
        _forget(database=database)
        return 0
    _write_messages(database=database, shop=shop, pace=pace, clock=clock)
    sent = 0
    needed = webhook.longest_seconds + NOTE_SECONDS
    while budget.has(needed) and (message := _claim(database=database, clock=clock)):
        if not _send(database=database, webhook=webhook, message=message, clock=clock):
            break
        sent += 1
    return sent


def _forget(*, database: Database) -> None:
    """Whoever gets a webhook one day shall hear of what is wrong then, not of what was."""
    with database.snapshot() as transaction:
        if not alerts.has_untold_cleared(transaction):
            return
    with database.unit_of_work() as transaction:
        alerts.forget_untold_cleared(transaction)
        transaction.commit()


def _write_messages(*, database: Database, shop: Shop, pace: AlertPace, clock: Clock) -> None:
    with database.snapshot() as transaction:
        if not _may_write(transaction, pace=pace, clock=clock):
            return
    try:
        with database.unit_of_work() as transaction:
            lock_check(transaction, Check.ALERT)
            if _may_write(transaction, pace=pace, clock=clock):
                _write(transaction, shop=shop, clock=clock)
            transaction.commit()
    except UniqueViolation:  # two made the check's first row at once: the other is at it
        log.info("another worker tells")


def _may_write(transaction: Transaction, *, pace: AlertPace, clock: Clock) -> bool:
    now = clock()
    return alerts.has_due_alerts(transaction, now=now) and alert_messages.may_write_message(
        transaction, now=now, gather=pace.gather
    )


def _write(transaction: Transaction, *, shop: Shop, clock: Clock) -> None:
    now = clock()
    due = alerts.take_due_alerts(transaction, now=now, limit=ALERTS_AT_A_TIME)
    parts = [due[start : start + ALERTS_A_MESSAGE] for start in range(0, len(due), ALERTS_A_MESSAGE)]
    bodies = [(new_id(), write_message(some, shop=shop.requester, now=now)) for some in parts]
    alert_messages.add_alert_messages(transaction, bodies, now=now)
    alert_messages.delete_delivered_messages(transaction, before=now - MESSAGE_RETENTION)


def _claim(*, database: Database, clock: Clock) -> AlertMessage | None:
    with database.snapshot() as transaction:
        if not alert_messages.has_claimable_message(transaction, now=clock()):
            return None
    with database.unit_of_work() as transaction:
        claimed = alert_messages.claim_message(transaction, now=clock(), lease=LEASE)
        transaction.commit()
    return claimed


def _send(*, database: Database, webhook: Webhook, message: AlertMessage, clock: Clock) -> bool:
    try:
        webhook.send(message_id=message.id, body=message.body.encode(), sent_at=clock())
    except NotDelivered as error:
        wait = longest_wait_seconds(failures=min(message.attempts + 1, BACKOFF_CEILING))
        with database.unit_of_work() as transaction:
            retry_at = clock() + timedelta(seconds=wait)
            alert_messages.mark_undelivered(transaction, message.id, error=str(error), retry_at=retry_at)
            transaction.commit()
        log.warning("alerts not delivered", webhook_id=message.id, error=str(error), retry_seconds=wait)
        return False
    with database.unit_of_work() as transaction:
        alert_messages.mark_delivered(transaction, message.id, now=clock())
        transaction.commit()
    log.info("alerts delivered", webhook_id=message.id)
    return True
