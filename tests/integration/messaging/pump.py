"""Working a queue off by hand: what the worker's loops do, without their pauses."""

from concurrent.futures import ThreadPoolExecutor

from backend.bootstrap import Parts
from backend.entrypoints.worker import Hands, _order_once
from backend.services import clock
from backend.services.relay import relay


def relay_all(parts: Parts) -> int:
    """Publish what the outbox holds; how many that was."""
    return sum(iter(lambda: relay(database=parts.database, topic=parts.topic, clock=clock.now), 0))


def work_off(parts: Parts, *, workers: int = 1) -> None:
    """Handle what the queue holds until nothing is left on it, with so many workers."""

    def work(_: int) -> None:
        while _is_left(parts):
            hands = Hands()
            while _is_left(parts):
                _order_once(parts=parts, hands=hands)
            hands.finish()  # what was in hand may be back on the queue, and was on neither count for a moment

    with ThreadPoolExecutor(workers) as several:
        list(several.map(work, range(workers)))


def _is_left(parts: Parts) -> bool:
    depth = parts.queue.depth()
    return bool(depth.visible or depth.in_flight)
