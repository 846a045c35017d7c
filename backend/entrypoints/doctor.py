"""What is wrong with this installation, and what to do about it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from backend.adapters.factory import FactoryUnreachable
from backend.adapters.sqs import QueueUnavailable
from backend.bootstrap import Parts, find_pending_migration
from backend.services import clock
from backend.store.unit_of_work import DatabaseUnavailable

CLOCK_TOLERANCE = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``said`` is what was found, or what to do."""

    name: str
    is_ok: bool
    said: str


def examine(parts: Parts) -> list[Finding]:
    """Look at settings, database, queue, factory and clock."""
    looks = {
        "settings": _look_at_settings,
        "database": _look_at_database,
        "queue": _look_at_queue,
        "factory": _look_at_factory,
        "clock": _look_at_clock,
    }
    return [_look(name, look, parts) for name, look in looks.items()]


def _look(name: str, look: Callable[[Parts], str], parts: Parts) -> Finding:
    try:
        return Finding(name=name, is_ok=True, said=look(parts))
    except (Trouble, FactoryUnreachable) as trouble:
        return Finding(name=name, is_ok=False, said=str(trouble))


class Trouble(Exception):
    """Something is not as it should be; the text says what to do."""


def _look_at_settings(parts: Parts) -> str:
    configured = parts.settings
    if not configured.callback_secrets:
        raise Trouble("no FACTOAUTO_CALLBACK_SECRETS: set one, or let `factoauto up` make it")
    if not configured.operator_token:
        raise Trouble("no FACTOAUTO_OPERATOR_TOKEN: operators are refused until one is set")
    if configured.alert_webhook_url and not configured.alert_webhook_secret:
        raise Trouble("FACTOAUTO_ALERT_WEBHOOK_URL without FACTOAUTO_ALERT_WEBHOOK_SECRET: see docs/operations.md")
    return f"{len(configured.callback_secrets)} callback secrets, {len(configured.operators())} operator tokens"


def _look_at_database(parts: Parts) -> str:
    try:
        pending = find_pending_migration(parts.settings)
    except DatabaseUnavailable as error:
        raise Trouble(f"{error}; check FACTOAUTO_DATABASE_URL, or run `factoauto migrate`") from error
    if pending:
        raise Trouble(f"{pending}; run `factoauto migrate`")
    return "reached, and up to date"


def _look_at_queue(parts: Parts) -> str:
    try:
        depth, dead = parts.queue.depth(), parts.dead_letter_queue.depth()
    except QueueUnavailable as error:
        raise Trouble(f"{error}; is `factoauto up` running, or AWS_ENDPOINT_URL right?") from error
    return f"reached; {depth.visible} waiting, {depth.in_flight} in flight, {dead.visible} dead letters"


def _look_at_factory(parts: Parts) -> str:
    try:
        parts.factory.ask_time()
    except FactoryUnreachable as error:
        raise Trouble(f"{error}; check FACTOAUTO_FACTORY_URL") from error
    return f"reached at {parts.settings.factory_url}"


def _look_at_clock(parts: Parts) -> str:
    theirs = parts.factory.ask_time()
    if theirs is None:
        return "the factory tells no time to compare with"
    apart = abs(theirs - clock.now())
    if apart > CLOCK_TOLERANCE:
        raise Trouble(f"{apart.total_seconds():.0f} s apart from the factory's: synchronise it (NTP)")
    return "as the factory's, to the second"
