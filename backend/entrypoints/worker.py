"""The worker: orders what the queue asks for, relays the outbox, sweeps, alerts. ``factoauto worker``.

Four loops, each in a thread of its own, all ended by one event: a fault in one is logged and tried again, and
never ends the others.
"""

import math
import random
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import structlog

from backend import settings
from backend.adapters.sqs import QueueUnavailable, Record
from backend.bootstrap import Parts
from backend.domain.time_budget import TimeBudget
from backend.entrypoints.alerting import watch_and_tell
from backend.entrypoints.logs import configure_logs
from backend.services import clock
from backend.services.order import TryAgain, order_from_message
from backend.services.relay import relay
from backend.services.sample import sample_queues
from backend.services.sweep import sweep
from backend.store.unit_of_work import DatabaseUnavailable

log = structlog.get_logger(__name__)

RELAY_PAUSE_SECONDS = 0.1
FAULT_PAUSE_SECONDS = 1.0
AT_A_TIME = 10
SWEEP_SECONDS = 30
"""What a sweep may take beside one order that hangs: the queues are sampled after it."""


def main() -> None:
    """Work until SIGTERM or SIGINT, then finish what is in hand.

    Raises:
        WrongSettings: a setting is missing or wrong.
    """
    configured = settings.load()
    settings.require_callback_secrets(configured)
    settings.require_webhook_secret(configured)
    configure_logs(level=configured.log_level)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    work(parts=Parts(configured), stopping=stopping)


def work(*, parts: Parts, stopping: threading.Event) -> None:
    """Run the four loops until ``stopping`` is set."""
    hands = Hands()
    loops = {
        "order": partial(_order_once, parts=parts, hands=hands),
        "relay": partial(_relay_once, parts=parts, stopping=stopping),
        "sweep": partial(_sweep_once, parts=parts, stopping=stopping),
        "alert": partial(_alert_once, parts=parts, stopping=stopping),
    }
    threads = [threading.Thread(target=_repeat, name=name, args=(once, stopping)) for name, once in loops.items()]
    for thread in threads:
        thread.start()
    log.info("worker ready")
    for thread in threads:
        thread.join()
    hands.finish()
    log.info("worker stopped")


class Hands:
    """Those who handle messages, so many at once: who waits for the factory keeps nobody else waiting."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(AT_A_TIME)
        self._free = threading.Semaphore(AT_A_TIME)

    def wait_for_free(self) -> int:
        """Wait until one is free, and take all that are; how many that is."""
        self._free.acquire()
        taken = 1
        while taken < AT_A_TIME and self._free.acquire(blocking=False):
            taken += 1
        return taken

    def let_go(self, count: int) -> None:
        """Give back hands that were taken for nothing."""
        for _ in range(count):
            self._free.release()

    def do(self, handle: Callable[[], None]) -> None:
        """Have a hand that was taken do this, and be free again."""
        self._pool.submit(handle).add_done_callback(lambda _: self._free.release())

    def finish(self) -> None:
        """Wait until everything in hand is done."""
        self._pool.shutdown()


def _repeat(once: Callable[[], None], stopping: threading.Event) -> None:
    loop = threading.current_thread().name
    waiting_since: float | None = None
    while not stopping.is_set():
        try:
            once()
        except (DatabaseUnavailable, QueueUnavailable) as error:
            if waiting_since is None:  # said once, however long it lasts
                waiting_since = time.monotonic()
                log.warning("waiting", loop=loop, error=str(error))
            stopping.wait(FAULT_PAUSE_SECONDS)
        except Exception:
            log.exception("unexpected error", loop=loop)
            stopping.wait(FAULT_PAUSE_SECONDS)
        else:
            if waiting_since is not None:
                log.info("going on", loop=loop, waited_seconds=round(time.monotonic() - waiting_since, 1))
                waiting_since = None


def _order_once(*, parts: Parts, hands: Hands) -> None:
    taken = hands.wait_for_free()
    busy = 0
    try:
        for record in parts.queue.receive(at_most=taken):
            hands.do(partial(_handle, parts, record))
            busy += 1
    finally:
        hands.let_go(taken - busy)


def _handle(parts: Parts, record: Record) -> None:
    """Handle one message; whatever happens to it, its neighbours are handled too."""
    try:
        verdict = order_from_message(
            database=parts.database,
            factory=parts.factory,
            shop=parts.shop,
            clock=clock.now,
            body=record.body,
            receive_count=record.receive_count,
            draw=random.random(),  # noqa: S311 (jitter)
        )
        if isinstance(verdict, TryAgain):
            parts.queue.show_again_in(record, seconds=verdict.seconds)
        else:
            parts.queue.delete(record)
    except (DatabaseUnavailable, QueueUnavailable) as error:
        log.warning("message left on the queue", message_id=record.message_id, error=str(error))
    except Exception:
        log.exception("message left on the queue", message_id=record.message_id)


def _relay_once(*, parts: Parts, stopping: threading.Event) -> None:
    if not relay(database=parts.database, topic=parts.topic, clock=clock.now, budget=_until_told_to(stopping)):
        stopping.wait(RELAY_PAUSE_SECONDS)


def _sweep_once(*, parts: Parts, stopping: threading.Event) -> None:
    every = parts.settings.sweep_seconds
    sweep(
        database=parts.database,
        factory=parts.factory,
        shop=parts.shop,
        clock=clock.now,
        patience=parts.patience,
        budget=_until_told_to(stopping, seconds=SWEEP_SECONDS + parts.factory.longest_seconds),
    )
    sample_queues(  # last: the sweep needs no queue, and must not wait for one that is away
        database=parts.database,
        queue=parts.queue,
        dead_letter_queue=parts.dead_letter_queue,
        every=timedelta(seconds=every),
        clock=clock.now,
    )
    stopping.wait(every)


def _alert_once(*, parts: Parts, stopping: threading.Event) -> None:
    watch_and_tell(parts, budget=_until_told_to(stopping))
    stopping.wait(parts.settings.sweep_seconds)


def _until_told_to(stopping: threading.Event, *, seconds: float = math.inf) -> TimeBudget:
    """So many seconds, and none once the worker is to stop."""
    ends = time.monotonic() + seconds
    return TimeBudget(lambda: 0.0 if stopping.is_set() else ends - time.monotonic())


if __name__ == "__main__":
    main()
