"""Waiting, once everything is mended, until the shop has put itself in order; and the redrive that ends it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import urllib3

from backend.adapters.sqs import Queue, Record
from backend.bootstrap import make_sqs_client
from backend.domain import original_wire
from backend.domain.original_wire import MalformedMessage
from tests.chaos.buyers import Buyer
from tests.chaos.stage import OPERATOR, Stage
from tests.integration.books import Books
from tests.servers.waiting import wait_until

SETTLE_SECONDS = 60
REDRIVE_SECONDS = 30


@dataclass(frozen=True)
class Settled:
    """How long it took, what was given up until then, and how much of it an operator's redrive put back."""

    seconds: float
    dead_letters: int
    without_cause: list[str]
    redriven: int


def settle(stage: Stage, buyers: Sequence[Buyer]) -> Settled:
    """Wait for every customer's answer and an empty queue; then redrive the dead letters, and wait for those too.

    Raises:
        AssertionError: it took more than a minute; the text says what was still open.
    """
    began = time.monotonic()
    ends = began + SETTLE_SECONDS
    for buyer in buyers:
        buyer.stop()
    for buyer in buyers:
        buyer.join(max(0.0, ends - time.monotonic()))
        buyer.give_up()
    queues = _Queues(stage)
    _await(ends, lambda: _what_moves(stage.books(), queues, dead_letters_too=False))
    letters = queues.peek_dead_letters()
    without_cause = _without_cause(stage.books(), letters)
    redriven = _redrive(stage)
    _await(ends, lambda: _what_moves(stage.books(), queues, dead_letters_too=True))
    return Settled(time.monotonic() - began, len(letters), without_cause, redriven)


def _await(ends: float, what_moves: Callable[[], list[str]]) -> None:
    moving: list[str] = []

    def is_still() -> bool:
        moving[:] = what_moves()
        return not moving

    try:
        wait_until(is_still, seconds=max(0.0, ends - time.monotonic()), what="the shop to be in order")
    except AssertionError:
        raise AssertionError(
            f"not in order {SETTLE_SECONDS} s after the last fault: {'; '.join(moving)}"
        ) from None


def _what_moves(books: Books, queues: "_Queues", *, dead_letters_too: bool) -> list[str]:
    orders = [
        f"order {row['number']} of {row['sku']} ({row['id']}) is {row['status']}, {row['last_error']}"
        for row in books["replenishment"]
        if row["open_key"] and (dead_letters_too or row["dead_lettered_at"] is None)
    ]
    waiting = [row["id"] for row in books["outbox"] if row["published_at"] is None]
    outbox = [f"outbox rows wait: {waiting}"] if waiting else []
    return orders + outbox + queues.what_is_in_them(dead_letters_too=dead_letters_too)


class _Queues:
    """The queues, seen from nearby."""

    def __init__(self, stage: Stage) -> None:
        settings = stage.settings.model_copy(update={"aws_endpoint_url": stage.aws.endpoint_url})
        client = make_sqs_client(settings)
        self._queue = Queue(client=client, name=settings.queue_name)
        self._dead_letters = Queue(client=client, name=settings.dead_letter_queue_name)

    def what_is_in_them(self, *, dead_letters_too: bool) -> list[str]:
        """A line for each that is not empty. Dead letters that somebody has in hand are never at rest."""
        waiting, dead = self._queue.depth(), self._dead_letters.depth()
        return [
            *([f"in the queue: {waiting}"] if waiting.visible or waiting.in_flight else []),
            *([f"dead letters: {dead}"] if dead.in_flight or (dead_letters_too and dead.visible) else []),
        ]

    def peek_dead_letters(self) -> list[Record]:
        """Every dead letter, left for others to see."""
        letters: list[Record] = []
        while some := self._dead_letters.receive(wait_seconds=0):
            letters += some
        for letter in letters:
            self._dead_letters.show_again_in(letter, seconds=0)
        return letters


def _without_cause(books: Books, letters: Sequence[Record]) -> list[str]:
    """Dead letters of open orders that do not say why."""
    orders = {row["id"]: row for row in books["replenishment"]}
    named = []
    for letter in letters:
        try:
            named.append(original_wire.read_stock_empty(letter.body).replenishment_id)
        except MalformedMessage as error:
            return [f"message {letter.message_id}: {error}"]
    dead = [row for row in orders.values() if row["open_key"] and (row["dead_lettered_at"] or row["id"] in named)]
    return [
        f"order {row['number']} ({row['id']}) is a dead letter without a cause"
        for row in dead
        if not row["last_error"]
    ]


def _redrive(stage: Stage) -> int:
    answers: list[int] = []

    def ask() -> bool:
        url = f"{stage.url}/api/queues/dead-letters/redrive"
        answer = urllib3.request("POST", url, json={}, headers=OPERATOR, timeout=REDRIVE_SECONDS, retries=False)
        if answer.status == 200:
            answers.append(answer.json()["redriven"])
        return bool(answers)

    wait_until(ask, seconds=REDRIVE_SECONDS, what="the redrive")
    return answers[0]
