"""What worker and sweep Lambda do about alerts: apart from all else, which a webhook that hangs never delays."""

from backend.bootstrap import Parts
from backend.domain.time_budget import TimeBudget
from backend.services import clock
from backend.services.tell import tell
from backend.services.watch import watch


def watch_and_tell(parts: Parts, *, budget: TimeBudget) -> int:
    """Find what began and what is over, and tell of it; how many messages were taken.

    Raises:
        DatabaseUnavailable: what was done is kept; the next time does the rest.
    """
    watch(database=parts.database, clock=clock.now, pace=parts.alert_pace, patience=parts.patience)
    return tell(
        database=parts.database,
        webhook=parts.webhook,
        shop=parts.shop,
        pace=parts.alert_pace,
        clock=clock.now,
        budget=budget,
    )
