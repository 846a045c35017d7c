"""The time and new ids: the two things that a service asks of the world beside its database."""

from collections.abc import Callable
from datetime import UTC, datetime

import uuid_utils

Clock = Callable[[], datetime]


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """A UUIDv7 (RFC 9562): ids made later sort later."""
    return str(uuid_utils.uuid7())
