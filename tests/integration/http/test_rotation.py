"""Secrets are changed while the backend serves: files are read anew on SIGHUP, and nobody goes unanswered."""

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import psutil
import pytest
import urllib3

from backend.bootstrap import Parts
from backend.settings import Settings
from backend.store.migrate import upgrade
from tests.integration.served import Served, environment_of
from tests.integration.till import Till
from tests.servers.process import is_gone
from tests.servers.waiting import wait_until

OLD, CURRENT, NEW = "the-secret-of-last-year", "the-secret-of-this-year", "the-secret-of-next-year"
OLD_TOKEN, CURRENT_TOKEN, NEW_TOKEN = "token-of-last-year", "token-of-this-year", "token-of-next-year"
RELOAD_SECONDS = 60


@pytest.fixture
def settings(tmp_path: Path, local_aws: str) -> Settings:
    """A shop whose secrets are in files."""
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'shop.db'}", AWS_ENDPOINT_URL=local_aws)
    upgrade(database_url=settings.database_url)
    return settings


@pytest.fixture
def write_secrets(tmp_path: Path) -> Callable[[str, str], None]:
    """Writes the files that hold the secrets."""

    def write(secrets: str, tokens: str) -> None:
        (tmp_path / "callback_secrets").write_text(f"{secrets}\n")
        (tmp_path / "operator_token").write_text(f"{tokens}\n")

    return write


@pytest.fixture
def served(settings: Settings, write_secrets: Callable[[str, str], None], tmp_path: Path) -> Iterator[Served]:
    """A backend on the secrets of this year, where last year's are still good."""
    write_secrets(f"{CURRENT},{OLD}", f"{CURRENT_TOKEN},{OLD_TOKEN}")
    environment = environment_of(settings)
    del environment["FACTOAUTO_CALLBACK_SECRETS"], environment["FACTOAUTO_OPERATOR_TOKEN"]
    started = Served.start(environment, folder=tmp_path)
    yield started
    started.stop()


def test_secrets_are_rotated_while_it_serves(
    served: Served, settings: Settings, write_secrets: Callable[[str, str], None]
) -> None:
    orders = iter(open_orders(settings, count=3))
    (old_worker,) = psutil.Process(served.process.pid).children()
    done = Event()

    def ask_on() -> tuple[set[int], int]:
        statuses: set[int] = set()
        hung_up_on = 0
        while not done.is_set():
            try:
                statuses.add(served.call("GET", "/api/products", headers={"Connection": "close"}).status)
            except urllib3.exceptions.ProtocolError:
                hung_up_on += 1
        return statuses, hung_up_on

    with ThreadPoolExecutor(1) as others:
        meanwhile = others.submit(ask_on)
        try:
            write_secrets(f"{NEW},{CURRENT}", f"{NEW_TOKEN},{CURRENT_TOKEN}")
            served.process.send_signal(signal.SIGHUP)
            wait_until(lambda: is_gone(old_worker.pid), seconds=RELOAD_SECONDS, what="the old worker to end")
        finally:
            done.set()
        statuses, hung_up_on = meanwhile.result()

    assert statuses == {200}, "whoever asked meanwhile was answered"
    # HTTP/1.1 cannot tell one who has just connected that this worker goes: he is closed on (RFC 9112, 9.5).
    assert hung_up_on <= 1, "one worker went, and one asked at a time"

    assert [can_operate(served, token) for token in (NEW_TOKEN, CURRENT_TOKEN, OLD_TOKEN)] == [True, True, False]
    assert served.deliver(next(orders), 10, secret=CURRENT).status == 200
    assert served.deliver(next(orders), 10, secret=NEW).status == 200
    assert served.deliver(next(orders), 10, secret=OLD).status == 401


def can_operate(served: Served, token: str) -> bool:
    """Whether this token is an operator's."""
    return served.restock("NO-SUCH-THING", token=token).status == 404


def open_orders(settings: Settings, *, count: int) -> list[str]:
    """So many orders, each of ten."""
    parts = Parts(settings.model_copy(update={"callback_secrets": (CURRENT,)}))
    till = Till(parts.database, shop=parts.shop)
    ids = []
    for number in range(count):
        till.open(f"CP-{number}", on_hand=0)
        ids.append(till.restock(sku=f"CP-{number}").replenishment.id)
    parts.database.dispose()
    return ids
