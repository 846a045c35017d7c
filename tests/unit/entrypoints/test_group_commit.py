"""Purchases that come at the same time are committed together, and each gets its own answer."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

import pytest

from backend.domain.sale import PurchaseRequest
from backend.entrypoints.group_commit import GroupCommit, TooManyWaiting
from backend.services.purchase import Answer, PurchaseRefused
from backend.store.unit_of_work import DatabaseUnavailable

BUYERS = 8


def request(name: str) -> PurchaseRequest:
    return PurchaseRequest(id=name, sku="CP-1", quantity=1)


class Till:
    """Sells by answering with an exception that names the buyer; waits inside a batch until it is let go on."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.entered = threading.Semaphore(0)
        self.go_on = threading.Semaphore(0)
        self.spoilt_by: str | None = None
        self.error: Exception | None = None

    def sell(self, requests: Sequence[PurchaseRequest]) -> list[Answer]:
        names = [one.id for one in requests]
        self.batches.append(names)
        self.entered.release()
        assert self.go_on.acquire(timeout=30)
        if self.error or self.spoilt_by in names:
            raise self.error or ValueError(f"{self.spoilt_by} spoils it")
        return [PurchaseRefused(name) for name in names]


def start_first_and_let_others_queue(
    pool: ThreadPoolExecutor, till: Till, group: GroupCommit, *, others: int = BUYERS
) -> list[Future[Answer]]:
    """The first buyer sells; the others arrive while his commit is under way."""
    futures = [pool.submit(group.buy, request("first"))]
    assert till.entered.acquire(timeout=30)
    futures += [pool.submit(group.buy, request(f"buyer-{number}")) for number in range(others)]
    while len(group._queue) < others:
        threading.Event().wait(0.001)
    return futures


def test_one_buyer_alone_is_sold_to_at_once() -> None:
    till = Till()
    till.go_on.release()

    answer = GroupCommit(sell=till.sell).buy(request("only"))

    assert str(answer) == "only"
    assert till.batches == [["only"]]


def test_those_who_come_during_a_commit_form_the_next_batch() -> None:
    till = Till()
    group = GroupCommit(sell=till.sell)

    with ThreadPoolExecutor(BUYERS + 1) as pool:
        futures = start_first_and_let_others_queue(pool, till, group)
        till.go_on.release(2)
        answers = [str(future.result(timeout=30)) for future in futures]

    assert answers == ["first", *(f"buyer-{number}" for number in range(BUYERS))]
    assert [len(batch) for batch in till.batches] == [1, BUYERS]


def test_a_batch_is_never_larger_than_allowed_and_nobody_is_forgotten() -> None:
    till = Till()
    group = GroupCommit(sell=till.sell, largest_batch=3)

    with ThreadPoolExecutor(BUYERS + 1) as pool:
        futures = start_first_and_let_others_queue(pool, till, group)
        till.go_on.release(10)
        done, _ = wait(futures, timeout=30)

    assert len(done) == BUYERS + 1
    assert [len(batch) for batch in till.batches] == [1, 3, 3, 2]


def test_who_spoils_a_batch_does_not_spoil_it_for_the_others() -> None:
    till = Till()
    till.spoilt_by = "buyer-2"
    group = GroupCommit(sell=till.sell)

    with ThreadPoolExecutor(BUYERS + 1) as pool:
        futures = start_first_and_let_others_queue(pool, till, group)
        till.go_on.release(2 + BUYERS)
        outcomes = [future.exception(timeout=30) for future in futures]

    assert [type(outcome) for outcome in outcomes].count(ValueError) == 1
    assert outcomes[3] is not None, "buyer-2 is told so himself"
    assert str(futures[4].result()) == "buyer-3"


def test_when_the_database_is_gone_everybody_in_the_batch_is_told() -> None:
    till = Till()
    till.error = DatabaseUnavailable("gone")
    group = GroupCommit(sell=till.sell)

    with ThreadPoolExecutor(BUYERS + 1) as pool:
        futures = start_first_and_let_others_queue(pool, till, group)
        till.go_on.release(2)
        outcomes = [future.exception(timeout=30) for future in futures]

    assert all(isinstance(outcome, DatabaseUnavailable) for outcome in outcomes)
    assert len(till.batches) == 2, "nobody is tried one by one against a database that is gone"


def test_when_too_many_wait_the_next_is_turned_away_at_once() -> None:
    till = Till()
    group = GroupCommit(sell=till.sell, most_waiting=2)

    with ThreadPoolExecutor(4) as pool:
        futures = start_first_and_let_others_queue(pool, till, group, others=2)
        one_too_many = pool.submit(group.buy, request("one too many"))
        try:
            with pytest.raises(TooManyWaiting):
                one_too_many.result(timeout=5)
        finally:
            till.go_on.release(2 + 1)
        answers = [str(future.result(timeout=30)) for future in futures]

    assert answers == ["first", "buyer-0", "buyer-1"]


def test_after_a_failure_the_next_buyer_is_sold_to() -> None:
    till = Till()
    till.error = RuntimeError("once")
    group = GroupCommit(sell=till.sell)
    till.go_on.release(2)
    with pytest.raises(RuntimeError):
        group.buy(request("unlucky"))
    till.error = None

    answer = group.buy(request("lucky"))

    assert str(answer) == "lucky"
