"""The loop in real processes: local AWS, backends, workers and the factory mock, on free ports."""

import itertools
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import urllib3

from backend.adapters.sqs import Queue
from backend.bootstrap import Parts, make_sqs_client
from backend.settings import Settings
from tests.integration.books import Books
from tests.integration.served import SECRET, Served, environment_of
from tests.integration.till import Till
from tests.servers.local_aws import LocalAws
from tests.servers.ports import free_port
from tests.servers.process import ServerProcess
from tests.servers.waiting import wait_until

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 90
LEAD_TIME_SECONDS = "0.2"
WORKER = "backend.entrypoints.worker"
IMPATIENT_WORKER = "tests.end_to_end.impatient_worker"


@dataclass
class Loop:
    """Every process that takes part, and the database that they share."""

    settings: Settings
    folder: Path
    aws: LocalAws
    backends: list[Served]
    factory: ServerProcess
    till: Till
    _engine: sa.Engine
    _started: list[ServerProcess] = field(default_factory=list)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    @classmethod
    def start(cls, *, database_url: str, folder: Path, aws: LocalAws, backends: int = 2) -> "Loop":
        """Start all but the workers, on a migrated database, while the local AWS may still be starting."""
        factory_port = free_port()
        settings = Settings(
            database_url=database_url,
            AWS_ENDPOINT_URL=aws.endpoint_url,
            factory_url=f"http://127.0.0.1:{factory_port}",
            callback_secrets=(SECRET,),
        )
        environment = environment_of(settings)
        factory = ServerProcess(
            [sys.executable, "-m", "factory_mock"],
            log=folder / "factory.log",
            environment={
                "FACTOAUTO_FACTORY_PORT": str(factory_port),
                "FACTOAUTO_LEAD_TIME_SECONDS": LEAD_TIME_SECONDS,
                "FACTOAUTO_VAR_DIR": str(folder),
            },
        )
        loop = cls(
            settings=settings,
            folder=folder,
            aws=aws,
            backends=[Served.launch(environment, folder=folder) for _ in range(backends)],
            factory=factory,
            till=Till(Parts(settings).database),
            _engine=sa.create_engine(database_url, poolclass=sa.NullPool),
        )
        try:
            aws.wait_until_ready()
            for backend in loop.backends:
                backend.wait_until_it_answers()
        except BaseException:
            loop.stop()
            raise
        return loop

    def start_worker(self, *, factory_url: str | None = None, program: str = WORKER) -> ServerProcess:
        """Start another worker, for the factory mock unless told otherwise; returns when it works."""
        [worker] = self.start_workers(1, factory_url=factory_url, program=program)
        return worker

    def start_workers(
        self,
        count: int,
        *,
        factory_url: str | None = None,
        program: str = WORKER,
        settings: Mapping[str, str] | None = None,
    ) -> list[ServerProcess]:
        """Start so many more workers side by side; returns when all of them work."""
        environment = {
            **environment_of(self.settings),
            "FACTOAUTO_FACTORY_URL": factory_url or self.settings.factory_url,
            "FACTOAUTO_PUBLIC_URL": self.backends[0].url,
            "FACTOAUTO_SWEEP_SECONDS": "0.5",
            "FACTOAUTO_VAR_DIR": str(self.folder),
            "PYTHONPATH": str(ROOT),
            **(settings or {}),
        }
        workers = [self._launch_worker(program, environment=environment) for _ in range(count)]
        wait_until(
            lambda: all("worker ready" in worker.output or worker.exit_code is not None for worker in workers),
            seconds=PATIENCE_SECONDS,
            what="the workers to be ready",
        )
        for worker in workers:
            assert worker.exit_code is None, worker.output
        return workers

    def _launch_worker(self, program: str, *, environment: Mapping[str, str]) -> ServerProcess:
        worker = ServerProcess(
            [sys.executable, "-m", program],
            log=self.folder / f"worker-{next(self._numbers)}.log",
            environment=environment,
        )
        self._started.append(worker)
        return worker

    @cached_property
    def queue(self) -> Queue:
        """The queue that all share."""
        return Queue(client=make_sqs_client(self.settings), name=self.settings.queue_name)

    def stop_workers(self) -> None:
        """End every worker."""
        for worker in self._started:
            worker.begin_to_stop()
        for worker in self._started:
            worker.stop()
        self._started.clear()

    def stop(self) -> None:
        """End everything but the local AWS, whose owner ends it."""
        self.stop_workers()
        for backend in self.backends:
            backend.process.begin_to_stop()
        for backend in self.backends:
            backend.stop()
        self.factory.stop()
        self.till.database.dispose()
        self._engine.dispose()

    def books(self) -> Books:
        """Every table, as of now."""
        return Books(self._engine)

    def await_books(self, condition: Callable[[Books], object], *, what: str) -> Books:
        """Wait until the books say so, and return them."""
        found: list[Books] = []

        def look() -> object:
            found[:] = [self.books()]
            return condition(found[0])

        wait_until(look, seconds=PATIENCE_SECONDS, what=what)
        return found[0]

    def hide_received_messages_for(self, *, seconds: int) -> None:
        """How long a message stays hidden whose worker died: a minute is too long for a test."""
        sqs = make_sqs_client(self.settings)
        url = sqs.get_queue_url(QueueName=self.settings.queue_name)["QueueUrl"]
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": str(seconds)})

    def manufactured(self) -> list[dict[str, Any]]:
        """The orders that the factory mock has, newest first."""
        url = f"{self.settings.factory_url}/api/manufactures?limit=200"
        orders: list[dict[str, Any]] = urllib3.request("GET", url, retries=5).json()["orders"]
        return orders
