"""The alerts that hold, and whether they could be told."""

from dataclasses import dataclass

from backend.domain.alert import Alert, AlertKind
from backend.store.alert_messages import Waiting, get_waiting_messages
from backend.store.alerts import list_active_alerts
from backend.store.unit_of_work import Database, attempts


@dataclass(frozen=True, slots=True)
class AlertReport:
    """What is wrong, oldest first, and the webhook messages that were not delivered yet."""

    alerts: list[Alert]
    waiting: Waiting


def get_alert_report(*, database: Database) -> AlertReport:
    """As of now.

    Raises:
        DatabaseUnavailable: the database was not reached.
    """
    for attempt in attempts():
        with attempt, database.snapshot() as transaction:
            report = AlertReport(
                alerts=list_active_alerts(transaction, tuple(AlertKind)),
                waiting=get_waiting_messages(transaction),
            )
    return report
