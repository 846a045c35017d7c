"""Customers who never give up: every purchase has a key, and is asked for until it is answered."""

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import urllib3

TIMEOUT = urllib3.Timeout(connect=2, read=4)
LONGEST_PAUSE_SECONDS = 0.25
LONGEST_RETRY_SECONDS = 2.0
OUTCOMES = {201: "sold", 409: "out_of_stock"}
SENT = {"판매완료": "sold", "재고부족, 제품 생산 요청!": "out_of_stock"}
REUSED = 422


@dataclass(frozen=True)
class Bought:
    """What a customer was told. ``asked_last`` is when the request was sent that was answered."""

    key: str
    sku: str
    quantity: int
    outcome: str
    purchase_id: str | None
    requests: int
    asked_last: datetime


@dataclass
class Till:
    """What all customers were told, and what should not have been said to anybody."""

    bought: list[Bought] = field(default_factory=list)
    never_answered: list[str] = field(default_factory=list)
    wrong_answers: list[str] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)
    repeats: int = 0


class Buyer(threading.Thread):
    """One customer after another, by today's call or the original's, until told to stop."""

    def __init__(self, *, name: str, seed: int, url: str, skus: list[str], till: Till) -> None:
        super().__init__(name=name, daemon=True)
        self._draw = random.Random(f"{name} {seed}")
        self._url = url
        self._skus = skus
        self._till = till
        self._http = urllib3.PoolManager(retries=False, timeout=TIMEOUT)
        self._stopping = threading.Event()
        self._giving_up = threading.Event()

    def stop(self) -> None:
        """Buy nothing more; what was asked for is still waited for."""
        self._stopping.set()

    def give_up(self) -> None:
        """Wait for nothing any more."""
        self._giving_up.set()

    def run(self) -> None:
        """Buy, and now and then ask again for what was bought before, or for something else by its key."""
        number = 0
        while not self._stopping.is_set():
            key = f"{self.name}-{number}"
            bought = self._buy(key, self._draw.choice(self._skus), self._draw.randint(1, 3))
            if bought is None:
                self._till.never_answered.append(key)
                return
            self._till.bought.append(bought)
            if self._draw.random() < 0.05:
                self._ask_again(bought)
            number += 1
            self._stopping.wait(self._draw.uniform(0, LONGEST_PAUSE_SECONDS))

    def _buy(self, key: str, sku: str, quantity: int) -> Bought | None:
        originally = self._draw.random() < 0.3
        quantity = 1 if originally else quantity
        requests = 0
        while not self._giving_up.is_set():
            requests += 1
            asked_last = datetime.now(UTC).replace(tzinfo=None)
            status, said = self._ask(key, sku, quantity, originally=originally)
            outcome = SENT.get(str(said.get("message"))) if originally else OUTCOMES.get(status)
            if outcome:
                return Bought(key, sku, quantity, outcome, _purchase_id(said), requests, asked_last)
            time.sleep(min(float(said.get("retry_after", 0.5)), LONGEST_RETRY_SECONDS) * self._draw.random())
        return None

    def _ask(self, key: str, sku: str, quantity: int, *, originally: bool) -> tuple[int, dict[str, Any]]:
        """One request; the status, 0 where there was none, and what was said."""
        path, body = (
            ("/send", {"MessageAttributeProductId": sku})
            if originally
            else (
                "/api/purchases",
                {"sku": sku, "quantity": quantity},
            )
        )
        try:
            answer = self._http.request("POST", f"{self._url}{path}", json=body, headers={"Idempotency-Key": key})
            said = answer.json()
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            self._till.refusals[type(error).__name__] += 1
            return 0, {}
        if answer.status == 503:
            self._till.refusals[str(said.get("type", "")).rpartition(":")[2]] += 1
            if "Retry-After" not in answer.headers:
                self._till.wrong_answers.append(f"{key}: a 503 without Retry-After")
            return 503, {"retry_after": answer.headers.get("Retry-After", "1")}
        if answer.status not in (200, *OUTCOMES, REUSED):
            self._till.wrong_answers.append(f"{key}: {answer.status} {said}")
        return answer.status, said

    def _ask_again(self, bought: Bought) -> None:
        """The same once more, which must be answered the same; and another body, which must be refused."""
        if bought.purchase_id is None:
            return
        status, said = self._ask(bought.key, bought.sku, bought.quantity, originally=False)
        told = (OUTCOMES.get(status), _purchase_id(said))
        if status in OUTCOMES:
            self._till.repeats += 1
            if told != (bought.outcome, bought.purchase_id):
                self._till.wrong_answers.append(f"{bought.key}: first {bought}, then {told}")
        status, said = self._ask(bought.key, bought.sku, bought.quantity + 1, originally=False)
        if status not in (0, 503, REUSED):
            self._till.wrong_answers.append(f"{bought.key}: another body was answered {status}")


def _purchase_id(said: dict[str, Any]) -> str | None:
    found = said.get("purchase_id") or said.get("id")
    return str(found) if found else None
