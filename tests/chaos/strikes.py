"""Breaking things, and mending them."""

import signal
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any

import structlog
import urllib3

from backend.adapters.sqs import Queue, QueueUnavailable
from backend.bootstrap import make_sqs_client
from tests.chaos.plan import SWITCHES, Fault
from tests.chaos.stage import OPERATOR, Stage
from tests.servers.local_aws import LocalAws
from tests.servers.mariadb import MariaDB
from tests.servers.process import ServerProcess
from tests.servers.waiting import wait_until

HANDS = 16
SWITCH_SECONDS = 20

log = structlog.get_logger(__name__)


class Strikes:
    """Carries out a plan: each fault in a thread of its own, which breaks, waits and mends.

    A target suffers one fault at a time, as planned: also where mending takes longer than the plan thought (a
    database with transactions under way is not made read-only at once), the next waits for it.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def carry_out(self, plan: Sequence[Fault]) -> None:
        """Break everything in its time; returns when the last of it is mended.

        Raises:
            AssertionError: something did not come back.
        """
        began = time.monotonic()
        with ThreadPoolExecutor(HANDS) as hands:
            striking: list[Future[None]] = []
            for fault in plan:
                time.sleep(max(0.0, began + fault.at - time.monotonic()))
                striking.append(hands.submit(self._strike, fault, self._turns[fault.target]))
            for one in striking:
                one.result()

    def _strike(self, fault: Fault, turn: threading.Lock) -> None:
        with turn:
            log.info("fault", what=str(fault))
            with self._breaking(fault):
                time.sleep(fault.lasts)
            log.info("mended", what=str(fault))

    def _breaking(self, fault: Fault) -> AbstractContextManager[None]:
        if fault.kind in SWITCHES:
            return self._factory_switched(fault.kind)
        by_kind: dict[str, Callable[[str], AbstractContextManager[None]]] = {
            "kill": self._killed,
            "kill only the parent": self._parent_killed,
            "kill only the child": self._child_killed,
            "freeze": self._frozen,
            "cut": self._cut,
            "down": self._down,
            "slow": self._slow,
            "silent": self._silent,
            "read-only": lambda _: self._read_only(),
            "double messages": lambda _: self._messages_doubled(),
        }
        return by_kind[fault.kind](fault.target)

    @contextmanager
    def _killed(self, target: str) -> Iterator[None]:
        stage = self._stage
        servers: dict[str, MariaDB | LocalAws] = {"database": stage.database, "aws": stage.aws}
        if target not in servers:
            stage.programs[target].kill()
            yield
            stage.programs[target].start()
            return
        servers[target].kill()
        yield
        servers[target].restart()
        if target == "aws":
            stage.hide_received_messages_shortly()

    @contextmanager
    def _parent_killed(self, target: str) -> Iterator[None]:
        self._stage.programs[target].kill_parent()
        yield
        self._stage.programs[target].start()

    @contextmanager
    def _child_killed(self, target: str) -> Iterator[None]:
        self._stage.programs[target].kill_children()
        yield

    @contextmanager
    def _frozen(self, target: str) -> Iterator[None]:
        process = self._process(target)
        process.signal_group(signal.SIGSTOP)
        yield
        process.signal_group(signal.SIGCONT)

    def _process(self, target: str) -> ServerProcess:
        if target == "database":
            return self._stage.database.process
        return self._stage.aws.process if target == "aws" else self._stage.programs[target].process

    @contextmanager
    def _cut(self, target: str) -> Iterator[None]:
        self._stage.lines[target].break_connections()
        yield
        self._stage.lines[target].break_connections()

    @contextmanager
    def _down(self, target: str) -> Iterator[None]:
        self._stage.lines[target].go_down()
        yield
        self._stage.lines[target].come_back()

    @contextmanager
    def _slow(self, target: str) -> Iterator[None]:
        self._stage.lines[target].delay_seconds = 0.1
        yield
        self._stage.lines[target].delay_seconds = 0

    @contextmanager
    def _silent(self, target: str) -> Iterator[None]:
        self._stage.lines[target].fall_silent()
        yield
        self._stage.lines[target].speak()

    @contextmanager
    def _read_only(self) -> Iterator[None]:
        self._stage.database.query("SET GLOBAL read_only = 1")
        yield
        self._stage.database.query("SET GLOBAL read_only = 0")

    @contextmanager
    def _messages_doubled(self) -> Iterator[None]:
        """What SNS and SQS may do: deliver a message twice, and a later one before it."""
        settings = self._stage.settings.model_copy(update={"aws_endpoint_url": self._stage.aws.endpoint_url})
        queue = Queue(client=make_sqs_client(settings), name=settings.queue_name)
        for _ in range(5):
            with suppress(QueueUnavailable):
                for record in reversed(queue.receive(at_most=3, wait_seconds=1)):
                    queue.send(record.body)
                    queue.show_again_in(record, seconds=0)
        yield

    @contextmanager
    def _factory_switched(self, kind: str) -> Iterator[None]:
        self._switch(SWITCHES[kind])
        yield
        self._switch({})

    def _switch(self, switches: dict[str, Any]) -> None:
        wait_until(lambda: self._set_switches(switches), seconds=SWITCH_SECONDS, what="the factory to be switched")

    def _set_switches(self, switches: dict[str, Any]) -> bool:
        try:
            url = f"{self._stage.factory_url}/faults"
            answer = urllib3.request("PUT", url, json=switches, headers=OPERATOR, retries=False, timeout=1)
        except urllib3.exceptions.HTTPError:  # it is down, or frozen
            return False
        assert answer.status == 200, answer.data
        return True
