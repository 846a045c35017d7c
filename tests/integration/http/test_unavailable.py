"""The database or the queue is away: it is said so, quickly and clearly, and nothing is counted."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from backend.settings import Settings
from backend.store.engine import make_engine
from backend.store.migrate import upgrade
from backend.store.unit_of_work import Database
from tests.integration.books import Books
from tests.integration.flaky_line import FlakyLine
from tests.integration.served import Served, environment_of
from tests.integration.till import DONUT, Till
from tests.servers.ports import free_port

ReadBooks = Callable[[], Books]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[Mapping[str, str]], Served]]:
    """Starts backends of a test's own."""
    started: list[Served] = []

    def start(environment: Mapping[str, str]) -> Served:
        started.append(Served.start(environment, folder=tmp_path))
        return started[-1]

    yield start
    for one in started:
        one.stop()


Serve = Callable[[Mapping[str, str]], Served]


@pytest.mark.parametrize("shop_settings", ["mariadb"], indirect=True)
def test_while_the_database_is_away_a_purchase_is_503_and_not_counted(
    serve: Serve, shop_settings: Settings, shared_till: Till, read_books: ReadBooks
) -> None:
    shared_till.open(on_hand=10)
    line = FlakyLine(server_url=shop_settings.database_url)
    served = serve(environment_of(shop_settings.model_copy(update={"database_url": line.url})))
    assert served.send(DONUT).status == 200
    before = read_books()
    line.go_down()

    answers = [served.send(DONUT), served.deliver("0190b1a0-0000-7000-8000-000000000001", 1)]
    ready = served.call("GET", "/readyz")

    for answer in answers:
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) >= 1
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["type"] == "urn:factoauto:problem:database-unavailable"
    assert (ready.status, ready.json()["database"], ready.json()["queue"]) == (503, "not reached", "ok")
    assert served.call("GET", "/healthz").status == 200
    assert read_books() == before

    line.come_back()
    assert served.send(DONUT).json() == {"message": "판매완료"}
    assert served.get("/readyz")["status"] == "ok"
    line.close()
    assert read_books().on_hand(DONUT) == 8


def test_a_backend_that_starts_before_its_database_serves_as_soon_as_there_is_one(
    serve: Serve, tmp_path: Path, local_aws: str
) -> None:
    url = f"sqlite:///{tmp_path / 'later' / 'shop.db'}"
    served = serve(environment_of(Settings(database_url=url, AWS_ENDPOINT_URL=local_aws)))
    assert served.send(DONUT).status == 503
    assert served.call("GET", "/readyz").json()["database"] == "not reached"

    upgrade(database_url=url)
    engine = make_engine(database_url=url, connections=1)
    Till(Database(engine)).open(on_hand=10)
    engine.dispose()

    assert served.send(DONUT).json() == {"message": "판매완료"}
    assert served.call("GET", "/readyz").json()["database"] == "ok"


def test_a_database_without_tables_is_not_ready(serve: Serve, database_url: str, local_aws: str) -> None:
    """As while a deployment migrates."""
    served = serve(environment_of(Settings(database_url=database_url, AWS_ENDPOINT_URL=local_aws)))

    ready, sale = served.call("GET", "/readyz"), served.send(DONUT)

    assert (ready.status, ready.json()["database"]) == (503, "not reached")
    assert (sale.status, sale.json()["type"]) == (503, "urn:factoauto:problem:database-unavailable")


@pytest.mark.parametrize("shop_settings", ["sqlite"], indirect=True)
def test_while_the_queue_is_away_it_is_not_ready_and_still_sells(
    serve: Serve, shop_settings: Settings, shared_till: Till, read_books: ReadBooks
) -> None:
    """The order waits in the outbox: a customer need not know."""
    shared_till.open(on_hand=0)
    waiting = len(read_books()["outbox"])
    nowhere = {"aws_endpoint_url": f"http://127.0.0.1:{free_port()}"}
    served = serve(environment_of(shop_settings.model_copy(update=nowhere)))

    ready = served.call("GET", "/readyz")

    assert (ready.status, ready.json()["database"], ready.json()["queue"]) == (503, "ok", "not reached")
    assert served.send(DONUT).json() == {"message": "재고부족, 제품 생산 요청!"}
    assert len(read_books()["outbox"]) == waiting + 1


def test_ready_is_ready(served: Served) -> None:
    assert served.get("/readyz") == {"status": "ok", "database": "ok", "queue": "ok"}
