"""The connection to MariaDB breaks at the worst moments: nothing is lost, and nothing is counted twice."""

from collections.abc import Callable, Iterator

import pytest

from backend.domain.replenishment import Status
from backend.domain.sale import Outcome
from backend.entrypoints.logs import configure_logs
from backend.services.purchase import PurchaseAnswer
from backend.services.reconcile import find_drift
from backend.store.engine import make_engine
from backend.store.products import lock_product
from backend.store.unit_of_work import CommitUncertain, Database, DatabaseUnavailable
from tests.integration.books import Books
from tests.integration.flaky_line import Break, FlakyLine
from tests.integration.till import DONUT, Till, wants

ReadBooks = Callable[[], Books]

pytestmark = pytest.mark.parametrize("database_url", ["mariadb"], indirect=True)
at_either_side_of_the_commit = pytest.mark.parametrize("when", list(Break), ids=lambda when: when.value)


@pytest.fixture
def line(migrated_database_url: str) -> Iterator[FlakyLine]:
    """The line that breaks."""
    line = FlakyLine(server_url=migrated_database_url)
    yield line
    line.close()
    assert line.breaks_to_come == 0


@pytest.fixture
def far_till(line: FlakyLine) -> Iterator[Till]:
    """A counter whose database is at the other end of the line."""
    database = Database(make_engine(database_url=line.url, connections=4))
    yield Till(database)
    database.dispose()


@at_either_side_of_the_commit
def test_a_sale_is_counted_once_and_answered_rightly(
    till: Till, far_till: Till, line: FlakyLine, read_books: ReadBooks, when: Break
) -> None:
    till.open(on_hand=10)
    request = wants(3)
    line.break_at_next_commits(when)

    [answer] = far_till.sell(request)

    assert isinstance(answer, PurchaseAnswer)
    assert (answer.purchase.id, answer.purchase.outcome) == (request.id, Outcome.SOLD)
    books = read_books()
    assert (books.on_hand(DONUT), len(books["purchase"])) == (7, 1)
    assert books.faults() == []


@at_either_side_of_the_commit
def test_a_shortage_is_ordered_once_and_its_customer_told_of_that_order(
    till: Till, far_till: Till, line: FlakyLine, read_books: ReadBooks, when: Break
) -> None:
    till.open(on_hand=0)
    line.break_at_next_commits(when)

    answer = far_till.buy()

    books = read_books()
    [order] = books["replenishment"]
    assert answer.purchase.replenishment_id == order["id"]
    assert answer.replenishment is not None
    assert answer.replenishment.id == order["id"]
    assert len(books["purchase"]) == len(books["outbox"]) == 1
    assert books.faults() == []


@at_either_side_of_the_commit
def test_a_list_is_sold_once_with_and_without_keys(
    till: Till, far_till: Till, line: FlakyLine, read_books: ReadBooks, when: Break
) -> None:
    till.open(on_hand=5)
    line.break_at_next_commits(when)

    answers = far_till.sell(wants(2), wants(2, key="mine"), wants(2), wants(2, key="mine"))

    outcomes = [isinstance(answer, PurchaseAnswer) and answer.purchase.outcome for answer in answers]
    assert outcomes == [Outcome.SOLD, Outcome.SOLD, Outcome.OUT_OF_STOCK, Outcome.SOLD]
    assert len(read_books()["purchase"]) == 3
    assert read_books().faults() == []


def test_an_answer_lost_three_times_is_still_one_sale(
    till: Till, far_till: Till, line: FlakyLine, read_books: ReadBooks
) -> None:
    till.open(on_hand=10)
    line.break_at_next_commits(Break.BEFORE_COMMIT, Break.BEFORE_COMMIT, Break.AFTER_COMMIT)

    assert far_till.buy().purchase.outcome is Outcome.SOLD
    assert read_books().on_hand(DONUT) == 9
    assert read_books().faults() == []


def test_what_cannot_be_told_in_the_end_is_said_to_be_uncertain(
    till: Till, far_till: Till, line: FlakyLine, read_books: ReadBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sale may be kept: to answer that nothing was kept would have the customer buy twice."""
    till.open(on_hand=10)
    line.break_at_next_commits(Break.AFTER_COMMIT)
    connect = line._connect
    monkeypatch.setattr(line, "_connect", lambda client: None if line.seen_commits else connect(client))

    with pytest.raises(CommitUncertain):
        far_till.buy()

    assert read_books().on_hand(DONUT) == 9


@at_either_side_of_the_commit
def test_a_delivery_is_taken_in_once(
    till: Till, far_till: Till, line: FlakyLine, read_books: ReadBooks, when: Break
) -> None:
    till.open(on_hand=0)
    order = till.restock().replenishment.id
    line.break_at_next_commits(when)

    received = far_till.deliver(order, 10, delivery_id="a")

    assert received.status is Status.RECEIVED
    assert read_books().on_hand(DONUT) == 10
    assert read_books().faults() == []


@at_either_side_of_the_commit
def test_a_restock_is_ordered_once(
    till: Till, far_till: Till, line: FlakyLine, read_books: ReadBooks, when: Break
) -> None:
    till.open(on_hand=0)
    line.break_at_next_commits(when)

    made = far_till.restock()

    [order] = read_books()["replenishment"]
    assert made.replenishment.id == order["id"]
    assert read_books().faults() == []


@at_either_side_of_the_commit
def test_an_adjustment_without_a_key_is_not_repeated_on_a_guess(
    till: Till, far_till: Till, line: FlakyLine, read_books: ReadBooks, when: Break
) -> None:
    till.open(on_hand=10)
    line.break_at_next_commits(when)

    with pytest.raises(CommitUncertain):
        far_till.adjust(5)

    assert read_books().on_hand(DONUT) == (10 if when is Break.BEFORE_COMMIT else 15)
    assert read_books().faults() == []


def test_connections_that_broke_while_idle_are_made_anew(
    till: Till, far_till: Till, line: FlakyLine, read_books: ReadBooks
) -> None:
    till.open(on_hand=10)
    far_till.buy()
    line.break_connections()

    assert far_till.buy().purchase.outcome is Outcome.SOLD
    assert len(read_books()["purchase"]) == 2


def test_what_is_read_over_a_connection_that_broke_while_idle_is_read_over_another(
    till: Till, far_till: Till, line: FlakyLine
) -> None:
    till.open(on_hand=10)
    far_till.orders()
    line.break_connections()

    with pytest.raises(DatabaseUnavailable):
        far_till.orders()
    assert far_till.orders() == []
    line.break_connections()
    assert find_drift(database=far_till.database) == []


def test_a_connection_that_breaks_when_all_is_committed_is_nothing_to_speak_of(
    till: Till, far_till: Till, line: FlakyLine, caplog: pytest.LogCaptureFixture
) -> None:
    configure_logs(level="INFO")
    till.open(on_hand=10)

    with far_till.database.unit_of_work() as transaction:
        assert lock_product(transaction, DONUT) is not None
        transaction.commit()
        line.break_connections()

    assert caplog.records == []
    assert far_till.buy().purchase.outcome is Outcome.SOLD


def test_a_database_that_is_down_is_unavailable_and_nothing_is_counted(
    till: Till, far_till: Till, line: FlakyLine, read_books: ReadBooks
) -> None:
    till.open(on_hand=10)
    far_till.buy()
    before = read_books()
    line.go_down()

    with pytest.raises(DatabaseUnavailable) as error:
        far_till.buy()
    assert not isinstance(error.value, CommitUncertain)
    assert read_books() == before

    line.come_back()
    assert far_till.buy().purchase.outcome is Outcome.SOLD
