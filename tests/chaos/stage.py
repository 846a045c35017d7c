"""Everybody who takes part: real processes on free ports, and between them lines that can be cut."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import sqlalchemy as sa
import urllib3

from backend.bootstrap import make_sqs_client
from backend.settings import Settings
from backend.store.migrate import upgrade
from tests.chaos.plan import BACKENDS, WORKERS
from tests.chaos.program import Program
from tests.integration.books import Books
from tests.integration.served import SECRET, TOKEN, environment_of
from tests.servers.line import Line
from tests.servers.local_aws import LocalAws
from tests.servers.mariadb import MariaDB
from tests.servers.ports import free_port
from tests.servers.waiting import wait_until

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
HIDDEN_SECONDS = 10
"""How long a received message stays hidden whose worker died: the usual minute is all the time to settle."""
SHOP_USER, SHOP_PASSWORD = "shop", "only-for-tests"
"""A user whom a read-only server refuses, as the one of the tests, who may do everything, is not."""
PATIENCE = {
    "FACTOAUTO_FACTORY_TIMEOUT_SECONDS": "2",
    "FACTOAUTO_SWEEP_SECONDS": "1",
    "FACTOAUTO_OVERDUE_SECONDS": "5",
    "FACTOAUTO_LEAD_TIME_SECONDS": "0.3",
}
"""What is shortened so that a run of a minute has time for everything."""


@dataclass
class Stage:
    """Every process and line, by name. Made by ``open_stage()``."""

    settings: Settings
    folder: Path
    database: MariaDB
    aws: LocalAws
    programs: dict[str, Program]
    lines: dict[str, Line]
    ports: dict[str, int]
    books_url: str

    @property
    def url(self) -> str:
        """Where customers and operators find the shop."""
        return f"http://127.0.0.1:{self.lines['shop line'].port}"

    @property
    def factory_url(self) -> str:
        """The factory itself, by no line that could be cut."""
        return f"http://127.0.0.1:{self.ports['factory']}"

    def books(self) -> Books:
        """Every table, as of now, read by no line that could be cut."""
        engine = sa.create_engine(self.books_url, poolclass=sa.NullPool, isolation_level="REPEATABLE READ")
        return Books(engine)

    def hide_received_messages_shortly(self) -> None:
        """Have a message whose worker died shown again soon; a local AWS that was restarted forgets it."""
        sqs = make_sqs_client(self.settings.model_copy(update={"aws_endpoint_url": self.aws.endpoint_url}))
        url = sqs.get_queue_url(QueueName=self.settings.queue_name)["QueueUrl"]
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": str(HIDDEN_SECONDS)})

    def is_ready(self, name: str) -> bool:
        """Whether a backend or the factory answers."""
        url = f"http://127.0.0.1:{self.ports[name]}/healthz"
        try:
            return urllib3.request("GET", url, retries=False, timeout=2).status == 200
        except urllib3.exceptions.HTTPError:
            return False


@contextmanager
def open_stage(folder: Path) -> Iterator[Stage]:
    """Start everybody; logs are in ``folder``, which must be there."""
    with ExitStack() as opened:
        database = MariaDB.start()
        opened.callback(database.stop)
        aws = LocalAws.start(folder=folder)
        opened.callback(aws.stop)
        ports = {name: free_port() for name in (*BACKENDS, "factory")}
        lines = _open_lines(opened, database=database, aws=aws, ports=ports)
        books_url = database.create_database()
        upgrade(database_url=books_url)
        _let_in_the_shop(database, sa.make_url(books_url).database or "")
        settings = Settings(
            database_url=_shop_url(books_url, port=lines["backend database line"].port),
            AWS_ENDPOINT_URL=f"http://127.0.0.1:{lines['queue line'].port}",
            factory_url=f"http://127.0.0.1:{lines['factory line'].port}",
            callback_secrets=(SECRET,),
        )
        programs = _programs(settings, folder=folder, ports=ports, lines=lines, books_url=books_url)
        stage = Stage(settings, folder, database, aws, programs, lines, ports, books_url)
        stage.hide_received_messages_shortly()
        for program in programs.values():
            opened.callback(program.stop)
            program.start()
        for name in ports:
            wait_until(partial(stage.is_ready, name), seconds=START_SECONDS, what=f"{name} to be ready")
        yield stage


def _open_lines(opened: ExitStack, *, database: MariaDB, aws: LocalAws, ports: dict[str, int]) -> dict[str, Line]:
    backends = [ports[name] for name in BACKENDS]
    behind = {
        "shop line": backends,
        "callback line": backends,
        "backend database line": [database.port],
        "worker database line": [database.port],
        "queue line": [aws.port],
        "factory line": [ports["factory"]],
    }
    lines = {name: Line(server_ports=server_ports) for name, server_ports in behind.items()}
    for line in lines.values():
        opened.callback(line.close)
    return lines


def _let_in_the_shop(database: MariaDB, name: str) -> None:
    database.query(
        f"CREATE USER '{SHOP_USER}'@'127.0.0.1' IDENTIFIED BY '{SHOP_PASSWORD}'",
        f"GRANT ALL ON {name}.* TO '{SHOP_USER}'@'127.0.0.1'",
    )


def _shop_url(books_url: str, *, port: int) -> str:
    url = sa.make_url(books_url).set(username=SHOP_USER, password=SHOP_PASSWORD, port=port)
    return url.render_as_string(hide_password=False)


def _programs(
    settings: Settings, *, folder: Path, ports: dict[str, int], lines: dict[str, Line], books_url: str
) -> dict[str, Program]:
    environment = {
        **environment_of(settings),
        **PATIENCE,
        "FACTOAUTO_CALLBACK_SECRETS": SECRET,
        "FACTOAUTO_LOG_LEVEL": "INFO",
        "FACTOAUTO_PUBLIC_URL": f"http://127.0.0.1:{lines['callback line'].port}",
        "FACTOAUTO_VAR_DIR": str(folder),
        "PYTHONPATH": str(ROOT),
    }
    worker_database = _shop_url(books_url, port=lines["worker database line"].port)
    modules = {
        "factory": (
            "factory_mock",
            {
                "FACTOAUTO_FACTORY_PORT": str(ports["factory"]),
                "FACTOAUTO_FACTORY_ORDER_FILE": str(folder / "orders"),
            },
        ),
        **{name: ("backend.entrypoints.serve", {"FACTOAUTO_BACKEND_PORT": str(ports[name])}) for name in BACKENDS},
        **{name: ("tests.chaos.worker", {"FACTOAUTO_DATABASE_URL": worker_database}) for name in WORKERS},
    }
    return {
        name: Program(
            name=name,
            command=[sys.executable, "-m", module],
            environment={**environment, **own},
            log=folder / f"{name}.log",
        )
        for name, (module, own) in modules.items()
    }


OPERATOR = {"Authorization": f"Bearer {TOKEN}"}
