"""Alerts on the edge, told to a real receiver, on SQLite and on MariaDB."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa

from backend.adapters.webhook import Webhook
from backend.domain.alert import AlertPace
from backend.services.alerts import get_alert_report
from backend.services.reconcile import repair_drift
from backend.services.sweep import Patience
from backend.services.tell import ALERTS_A_MESSAGE, LEASE, MESSAGE_RETENTION, tell
from backend.services.watch import ALERT_RETENTION, watch
from backend.store import replenishments
from backend.store.alert_messages import Waiting
from backend.store.unit_of_work import Database
from tests.integration.fake_receiver import SECRET, FakeReceiver
from tests.integration.till import DONUT, Till

PACE = AlertPace(quiet=timedelta(minutes=5), gather=timedelta(seconds=30), drift_every=timedelta(minutes=10))
PATIENCE = Patience(forgotten_after=timedelta(minutes=1), late_after=timedelta(minutes=2))
A_SECOND = timedelta(seconds=1)
A_FLICKER = timedelta(seconds=10)


@dataclass
class Watchman:
    """A worker's alert loop, one round at a time."""

    till: Till
    webhook: Webhook | None

    def look(self) -> None:
        """Write what has begun and what is over."""
        watch(database=self.till.database, clock=self.till.clock, pace=PACE, patience=PATIENCE)

    def tell(self) -> int:
        """Send what is to be told."""
        return tell(
            database=self.till.database,
            webhook=self.webhook,
            shop=self.till.shop,
            pace=PACE,
            clock=self.till.clock,
        )

    def make_a_round(self, after: timedelta = timedelta()) -> None:
        """Do both, so much later."""
        self.till.clock.ahead += after
        self.look()
        self.tell()


@pytest.fixture
def watchman(till: Till, fake_receiver: FakeReceiver) -> Watchman:
    """The worker."""
    return Watchman(till=till, webhook=Webhook(url=fake_receiver.url, secrets=[SECRET]))


def _fill(till: Till, sku: str = DONUT) -> None:
    till.adjust(5, sku=sku)


def _empty(till: Till, sku: str = DONUT) -> None:
    till.adjust(-5, sku=sku)


def test_a_shelf_that_runs_empty_is_told_once_and_once_when_it_is_filled(
    till: Till, watchman: Watchman, fake_receiver: FakeReceiver
) -> None:
    till.open(on_hand=1)
    watchman.make_a_round()
    assert fake_receiver.told == []

    till.buy()
    for _ in range(3):
        watchman.make_a_round(after=PACE.quiet)
    assert fake_receiver.told == [("out_of_stock", DONUT, "raised")]

    _fill(till)
    for _ in range(3):
        watchman.make_a_round(after=PACE.quiet)
    assert fake_receiver.told == [("out_of_stock", DONUT, "raised"), ("out_of_stock", DONUT, "cleared")]


def test_an_archived_product_is_not_missed(till: Till, watchman: Watchman, engine: sa.Engine) -> None:
    till.open(on_hand=0)
    watchman.look()
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE product SET archived_at = created_at"))

    watchman.look()

    assert get_alert_report(database=till.database).alerts == []


def test_a_dead_letter_is_told_and_that_it_was_redriven(
    till: Till, watchman: Watchman, fake_receiver: FakeReceiver
) -> None:
    till.open(on_hand=3)
    order = till.restock().replenishment.id
    with till.database.unit_of_work() as transaction:
        replenishments.mark_failed(transaction, order, error="the oven is cold", dead_lettered_at=till.clock())
        transaction.commit()
    watchman.make_a_round()

    with till.database.unit_of_work() as transaction:
        replenishments.mark_redriven(transaction, order, now=till.clock())
        transaction.commit()
    watchman.make_a_round(after=PACE.gather)

    assert fake_receiver.told == [("dead_letter", order, "raised"), ("dead_letter", order, "cleared")]
    [alert] = fake_receiver.taken[0].alerts
    assert alert["detail"] == "RO-0001: the oven is cold"


@pytest.mark.parametrize("ordered", [False, True])
def test_an_order_that_takes_too_long_is_told_and_that_it_came(
    till: Till, watchman: Watchman, fake_receiver: FakeReceiver, ordered: bool
) -> None:
    till.open(on_hand=3)
    order = till.restock().replenishment.id
    if ordered:
        till.note_ordered(order)
    watchman.make_a_round(after=PATIENCE.late_after / 2)
    assert fake_receiver.told == []

    watchman.make_a_round(after=PATIENCE.late_after)
    till.deliver(order, 10)
    watchman.make_a_round(after=PACE.gather)

    assert fake_receiver.told == [("overdue", order, "raised"), ("overdue", order, "cleared")]


def test_drift_is_told_and_that_it_was_repaired_without_waiting_for_the_next_look(
    till: Till, watchman: Watchman, fake_receiver: FakeReceiver, engine: sa.Engine
) -> None:
    till.open(on_hand=10)
    watchman.make_a_round()
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE product SET on_hand = 7"))

    watchman.make_a_round(after=PACE.drift_every / 2)
    assert fake_receiver.told == [], "the whole ledger is read only so often"
    watchman.make_a_round(after=PACE.drift_every)
    repair_drift(database=till.database, actor="alice", clock=till.clock)
    watchman.make_a_round(after=PACE.gather)

    assert fake_receiver.told == [("drift", DONUT, "raised"), ("drift", DONUT, "cleared")]
    assert fake_receiver.taken[0].alerts[0]["detail"] == "on_hand 7, ledger 10"


def test_several_workers_tell_each_thing_once(till: Till, watchman: Watchman, fake_receiver: FakeReceiver) -> None:
    skus = [f"CP-{number}" for number in range(8)]
    for sku in skus:
        till.open(sku, on_hand=0)

    _at_once(watchman.make_a_round, workers=4)
    for sku in skus:
        _fill(till, sku)
    till.clock.ahead += PACE.gather
    _at_once(watchman.make_a_round, workers=4)
    _at_once(watchman.make_a_round, workers=4)

    assert sorted(fake_receiver.told) == sorted(
        ("out_of_stock", sku, state) for sku in skus for state in ("raised", "cleared")
    )
    assert len(fake_receiver.came) == 2


def _at_once(do: Callable[[], None], *, workers: int) -> None:
    with ThreadPoolExecutor(workers) as pool:
        for done in [pool.submit(do) for _ in range(workers)]:
            done.result()


def test_a_hundred_empty_shelves_are_a_few_messages(
    till: Till, watchman: Watchman, fake_receiver: FakeReceiver, engine: sa.Engine
) -> None:
    _add_empty_shelves(engine, range(60))
    watchman.make_a_round()
    assert len(fake_receiver.came) == 60 / ALERTS_A_MESSAGE

    _add_empty_shelves(engine, range(60, 100))
    watchman.make_a_round(after=PACE.gather / 10)
    assert len(fake_receiver.came) == 60 / ALERTS_A_MESSAGE, "what follows at once is gathered"
    watchman.make_a_round(after=PACE.gather)

    assert len(fake_receiver.came) == 4
    assert sorted(fake_receiver.told) == [("out_of_stock", f"CP-{n:03}", "raised") for n in range(100)]


def _add_empty_shelves(engine: sa.Engine, numbers: range) -> None:
    moment = "2026-11-25 00:00:00.000000"
    product = (
        "INSERT INTO product (sku, name, name_en, price, on_hand, factory_id, lot_size, created_at, updated_at) "
        "VALUES (:sku, 'x', 'x', 1, 0, 'FF-500293', 10, :moment, :moment)"
    )
    with engine.begin() as connection:
        connection.execute(sa.text(product), [{"sku": f"CP-{n:03}", "moment": moment} for n in numbers])


def test_what_flickers_is_told_once_in_a_quiet_time_with_how_often_it_began(
    till: Till, watchman: Watchman, fake_receiver: FakeReceiver
) -> None:
    till.open(on_hand=0)
    watchman.make_a_round()
    for _ in range(4):
        _fill(till)
        watchman.make_a_round(after=A_FLICKER)
        _empty(till)
        watchman.make_a_round(after=A_FLICKER)
    told_meanwhile = [state for _, _, state in fake_receiver.told]

    watchman.make_a_round(after=PACE.quiet)

    assert told_meanwhile == ["raised", "cleared"], "that it was over once, to who knew that it had begun"
    assert [state for _, _, state in fake_receiver.told] == ["raised", "cleared", "raised"]
    assert sum(message.alerts[0]["crossings"] for message in fake_receiver.taken) == 5, "each beginning is counted"


def test_a_receiver_that_is_back_hears_everything_once_by_the_same_ids(
    till: Till, watchman: Watchman, fake_receiver: FakeReceiver
) -> None:
    till.open("FIRST", on_hand=0)
    till.open("SECOND", on_hand=5)
    fake_receiver.status = 503
    watchman.make_a_round()
    _empty(till, "SECOND")
    _fill(till, "FIRST")
    for _ in range(5):
        watchman.make_a_round(after=timedelta(minutes=1))
    assert len({(message.id, message.body) for message in fake_receiver.came}) == 1, "nothing piles up"
    assert get_alert_report(database=till.database).waiting == Waiting(1, "the webhook answered 503")

    fake_receiver.status = 200
    watchman.make_a_round(after=timedelta(minutes=1))
    watchman.make_a_round(after=timedelta(minutes=1))

    assert fake_receiver.told == [
        ("out_of_stock", "FIRST", "raised"),
        ("out_of_stock", "FIRST", "cleared"),
        ("out_of_stock", "SECOND", "raised"),
    ]
    assert get_alert_report(database=till.database).waiting.messages == 0


def test_a_receiver_that_does_not_answer_is_asked_less_and_less_often(
    till: Till, watchman: Watchman, fake_receiver: FakeReceiver
) -> None:
    till.open(on_hand=0)
    fake_receiver.status = 500

    for _ in range(60):
        watchman.make_a_round(after=A_SECOND)

    assert 4 <= len(fake_receiver.came) <= 8, "after 2, 4, 8, 16, 32 and 60 seconds, and every 60"


def test_a_worker_that_died_after_sending_is_followed_by_one_that_sends_the_same(
    till: Till, watchman: Watchman, fake_receiver: FakeReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.open(on_hand=0)
    with monkeypatch.context() as patched:
        patched.setattr("backend.store.alert_messages.mark_delivered", _die)
        with pytest.raises(KeyboardInterrupt):
            watchman.make_a_round()
    watchman.make_a_round(after=LEASE / 10)
    assert len(fake_receiver.came) == 1, "the other may be at it still"

    watchman.make_a_round(after=LEASE)
    watchman.make_a_round(after=LEASE)

    assert len(fake_receiver.came) == 2
    assert len(set(fake_receiver.came)) == 1
    assert fake_receiver.told == [("out_of_stock", DONUT, "raised")]


def _die(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_whoever_gets_a_webhook_later_hears_of_what_is_wrong_then(
    till: Till, watchman: Watchman, fake_receiver: FakeReceiver
) -> None:
    nobody = Watchman(till=till, webhook=None)
    till.open("WAS", on_hand=0)
    till.open("IS", on_hand=0)
    nobody.make_a_round()
    _fill(till, "WAS")
    nobody.make_a_round(after=A_FLICKER)
    assert [one.subject for one in get_alert_report(database=till.database).alerts] == ["IS"]

    watchman.make_a_round(after=A_FLICKER)

    assert fake_receiver.told == [("out_of_stock", "IS", "raised")]


def test_what_was_over_long_ago_is_deleted(till: Till, watchman: Watchman, engine: sa.Engine) -> None:
    till.open("OLD", on_hand=0)
    watchman.make_a_round()
    _fill(till, "OLD")
    watchman.make_a_round(after=PACE.gather)
    till.open("NEW", on_hand=0)

    watchman.make_a_round(after=max(ALERT_RETENTION, MESSAGE_RETENTION) + A_SECOND)

    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT subject FROM alert")).scalars().all() == ["NEW"]
        assert connection.execute(sa.text("SELECT COUNT(*) FROM alert_message")).scalar() == 1


def test_a_customer_at_the_till_does_not_keep_the_watchman_waiting_nor_he_the_customer(
    till: Till, watchman: Watchman, database: Database, engine: sa.Engine
) -> None:
    """He locks alerts, and nothing else: while he holds them, purchases are made, and the other way round."""
    till.open("EMPTY", on_hand=0)
    till.open(on_hand=5)
    if engine.dialect.name == "sqlite":  # one writer at a time, whoever it is: it is enough that he is brief
        watchman.look()
        assert till.buy().purchase.sku == DONUT
        return

    with engine.begin() as customer:
        customer.execute(sa.text("SELECT sku FROM product FOR UPDATE"))
        watchman.look()
    with engine.begin() as he:
        he.execute(sa.text("SELECT name FROM alert_check FOR UPDATE"))
        assert till.buy().purchase.sku == DONUT

    assert [one.subject for one in get_alert_report(database=database).alerts] == ["EMPTY"]
