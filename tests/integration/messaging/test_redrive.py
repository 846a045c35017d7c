"""Dead letters, put back on the queue by an operator."""

from collections.abc import Callable, Collection

import pytest

from backend.bootstrap import Parts
from backend.domain.replenishment import Status
from backend.domain.time_budget import UNLIMITED, TimeBudget
from backend.services.redrive import MOVE_SECONDS, redrive
from tests.integration.books import Books
from tests.integration.fake_factory import FakeFactory
from tests.integration.messaging.pump import relay_all, work_off
from tests.integration.till import OPERATOR, Till

ReadBooks = Callable[[], Books]
SKUS = ("A", "B", "C")


@pytest.fixture
def dead(parts: Parts, till: Till, fake_factory: FakeFactory) -> list[str]:
    """The ids of three orders whose messages are dead letters; the factory works again."""
    for sku in SKUS:
        till.open(sku, on_hand=0)
    orders = [till.restock(sku=sku).replenishment.id for sku in SKUS]
    fake_factory.refuse(*SKUS)
    relay_all(parts)
    work_off(parts)
    fake_factory.refuse()
    assert parts.dead_letter_queue.depth().visible == 3
    return orders


def _redrive(parts: Parts, till: Till, only: Collection[str] | None = None, budget: TimeBudget = UNLIMITED) -> int:
    return redrive(
        database=parts.database,
        queue=parts.queue,
        dead_letter_queue=parts.dead_letter_queue,
        shop=parts.shop,
        clock=till.clock,
        operator=OPERATOR,
        only=only,
        budget=budget,
    )


def test_all_dead_letters_go_back_and_are_ordered(
    parts: Parts, till: Till, fake_factory: FakeFactory, dead: list[str]
) -> None:
    assert _redrive(parts, till) == 3
    assert [order.dead_lettered_at for order in till.orders()] == [None] * 3

    work_off(parts)

    assert sorted(fake_factory.produced) == sorted(dead)
    assert {order.status for order in till.orders()} == {Status.ORDERED}
    assert parts.dead_letter_queue.depth().visible == 0


def test_one_goes_back_by_its_id_and_the_others_stay_in_sight(
    parts: Parts, till: Till, fake_factory: FakeFactory, dead: list[str]
) -> None:
    assert _redrive(parts, till, only=[dead[1]]) == 1
    assert parts.dead_letter_queue.depth().visible == 2

    work_off(parts)

    assert fake_factory.produced == [dead[1]]
    assert [till.order(order).dead_lettered_at is None for order in dead] == [False, True, False]


def test_what_does_not_go_in_time_is_a_dead_letter_still_and_goes_the_next_time(
    parts: Parts, till: Till, fake_factory: FakeFactory, dead: list[str], read_books: ReadBooks
) -> None:
    left = iter([MOVE_SECONDS] * 3)  # to begin with, and to move two

    assert _redrive(parts, till, budget=TimeBudget(lambda: next(left, 0))) == 2

    assert sum(order.dead_lettered_at is not None for order in till.orders()) == 1
    assert parts.dead_letter_queue.depth().visible == 1
    assert _redrive(parts, till) == 1
    work_off(parts)
    assert sorted(fake_factory.produced) == sorted(dead)
    assert len(read_books()["outbox"]) == 3


def test_an_id_that_is_no_dead_letter_moves_nothing(
    parts: Parts, till: Till, dead: list[str], read_books: ReadBooks
) -> None:
    before = read_books()["replenishment"]

    assert _redrive(parts, till, only=["0190b1a0-0000-7000-8000-000000000001"]) == 0
    assert parts.dead_letter_queue.depth().visible == 3
    assert read_books()["replenishment"] == before


def test_a_dead_letter_that_the_broker_lost_is_published_anew(
    parts: Parts, till: Till, fake_factory: FakeFactory, dead: list[str], read_books: ReadBooks
) -> None:
    while letters := parts.dead_letter_queue.receive():
        for letter in letters:
            parts.dead_letter_queue.delete(letter)

    assert _redrive(parts, till) == 3
    assert relay_all(parts) == 3
    work_off(parts)

    assert sorted(fake_factory.produced) == sorted(dead)
    assert read_books().faults() == []


def test_a_dead_letter_of_nobodys_goes_round_and_is_a_dead_letter_again(parts: Parts, till: Till) -> None:
    parts.queue.send("not one of ours")
    work_off(parts)

    assert _redrive(parts, till) == 1
    work_off(parts)

    assert parts.dead_letter_queue.depth().visible == 1


def test_a_dead_letter_whose_order_was_cancelled_goes_back_and_orders_nothing(
    parts: Parts, till: Till, fake_factory: FakeFactory, dead: list[str]
) -> None:
    till.cancel(dead[0])

    assert _redrive(parts, till) == 3
    work_off(parts)

    assert sorted(fake_factory.produced) == sorted(dead[1:])
    assert till.order(dead[0]).status is Status.CANCELLED


def test_a_redriven_order_has_its_attempts_anew_and_can_die_again(
    parts: Parts, till: Till, fake_factory: FakeFactory, dead: list[str]
) -> None:
    fake_factory.refuse(*SKUS)

    _redrive(parts, till)
    assert [till.order(order).attempts for order in dead] == [0, 0, 0]
    work_off(parts)

    assert [till.order(order).attempts for order in dead] == [4, 4, 4]
    assert all(till.order(order).dead_lettered_at for order in dead)
    assert parts.dead_letter_queue.depth().visible == 3


def test_who_redrove_is_written_down(parts: Parts, till: Till, dead: list[str], read_books: ReadBooks) -> None:
    _redrive(parts, till)

    action = read_books()["operator_action"][-1]
    assert (action["actor"], action["action"]) == ("alice", "redrive")
