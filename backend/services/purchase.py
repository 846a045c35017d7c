"""Sell: a list of purchases in one transaction, with an answer for each. One purchase is a list of one.

The order of the statements was tried with several processes on both databases without a deadlock; see
docs/architecture.md before changing it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from backend.domain.product import Product
from backend.domain.purchase import Purchase
from backend.domain.reorder import may_run_short
from backend.domain.replenishment import Replenishment
from backend.domain.sale import PurchaseRequest, Shelf, decide_sales
from backend.domain.shop import Shop
from backend.services.clock import Clock
from backend.services.replenish import Notice, request_replenishment
from backend.services.sale_writing import write_sales
from backend.store.products import lock_products
from backend.store.purchases import list_purchases_by_id, list_purchases_by_key
from backend.store.replenishments import list_open_replenishments, list_replenishments_by_id
from backend.store.unit_of_work import Database, Transaction, UniqueViolation, attempts

log = structlog.get_logger(__name__)


class PurchaseRefused(Exception):
    """A purchase that cannot be made, whatever the stock; nothing was written for it."""


class UnknownProduct(PurchaseRefused):
    """The shop has no such product, or sells it no more."""

    def __init__(self, sku: str) -> None:
        super().__init__(f"there is no product {sku!r}")


class WrongFactory(PurchaseRefused):
    """The buyer names another factory than the one that makes the product."""

    def __init__(self, *, sku: str, factory_id: str) -> None:
        super().__init__(f"product {sku!r} is not made by factory {factory_id!r}")


class IdempotencyKeyReused(PurchaseRefused):
    """The key was used before, with another body."""

    def __init__(self) -> None:
        super().__init__("this Idempotency-Key was used before, with another body")


@dataclass(frozen=True, slots=True)
class PurchaseAnswer:
    """A purchase as written, and the order that a refused customer waits for."""

    purchase: Purchase
    replenishment: Replenishment | None


Answer = PurchaseAnswer | PurchaseRefused


def sell(*, database: Database, requests: Sequence[PurchaseRequest], shop: Shop, clock: Clock) -> list[Answer]:
    """Sell to every request in order of arrival; an answer for each, in the same order.

    Raises:
        DatabaseUnavailable: nothing of the list is kept, or it cannot be told; the same requests may be sent
            again with the same idempotency keys.
    """
    first_of_key: dict[str, PurchaseRequest] = {}
    for request in requests:
        first = first_of_key.setdefault(request.idempotency_key or request.id, request)
        if request.request_hash != first.request_hash:
            # One key, two bodies: whose it is depends on what becomes of the first.
            return _sell_one_by_one(database=database, requests=requests, shop=shop, clock=clock)
    firsts = list(first_of_key.values())
    try:
        answers = _sell_with_attempts(database=database, requests=firsts, shop=shop, clock=clock)
    except UniqueViolation:
        # Another process used one of the keys, or opened an order, for the first time just now.
        alone = _sell_one_by_one(database=database, requests=firsts, shop=shop, clock=clock)
        answers = {request.id: answer for request, answer in zip(firsts, alone, strict=True)}
    return [answers[first_of_key[request.idempotency_key or request.id].id] for request in requests]


def _sell_one_by_one(
    *, database: Database, requests: Sequence[PurchaseRequest], shop: Shop, clock: Clock
) -> list[Answer]:
    return [
        _sell_alone(database=database, request=request, shop=shop, clock=clock)[request.id] for request in requests
    ]


def _sell_alone(*, database: Database, request: PurchaseRequest, shop: Shop, clock: Clock) -> dict[str, Answer]:
    try:
        return _sell_with_attempts(database=database, requests=[request], shop=shop, clock=clock)
    except UniqueViolation:  # it is written now, so the second look finds it
        return _sell_with_attempts(database=database, requests=[request], shop=shop, clock=clock)


def _sell_with_attempts(
    *, database: Database, requests: Sequence[PurchaseRequest], shop: Shop, clock: Clock
) -> dict[str, Answer]:
    for attempt in attempts(uncertain_too=True):
        with attempt, database.unit_of_work() as transaction:
            # After a lost COMMIT our own ids tell whether it was kept: the lock that we take first is free
            # only when that transaction has ended.
            answers = _sell(
                transaction,
                requests=requests,
                shop=shop,
                clock=clock,
                look_for_own_ids=attempt.retry_state.attempt_number > 1,
            )
            transaction.commit()
    _log_shortages(answers)
    return answers


def _log_shortages(answers: Mapping[str, Answer]) -> None:
    """One line for each order that customers of the list wait for, however many of them there are."""
    waiting: dict[str, list[PurchaseAnswer]] = defaultdict(list)
    for answer in answers.values():
        if isinstance(answer, PurchaseAnswer) and answer.replenishment:
            waiting[answer.replenishment.id].append(answer)
    for replenishment_id, refused in waiting.items():
        purchase, replenishment = refused[0].purchase, refused[0].replenishment
        log.info(
            "out of stock",
            purchase_id=purchase.id,
            sku=purchase.sku,
            purchases=len(refused),
            quantity=sum(one.purchase.quantity for one in refused),
            replenishment_id=replenishment_id,
            correlation_id=replenishment.correlation_id if replenishment else None,
        )


def _sell(
    transaction: Transaction,
    *,
    requests: Sequence[PurchaseRequest],
    shop: Shop,
    clock: Clock,
    look_for_own_ids: bool,
) -> dict[str, Answer]:
    products = lock_products(transaction, {request.sku for request in requests})
    now = clock()
    answers = _answer_without_selling(
        transaction, requests=requests, products=products, look_for_own_ids=look_for_own_ids
    )
    to_sell = [request for request in requests if request.id not in answers]
    if not to_sell:
        return answers
    open_orders = _read_open_orders(transaction, requests=to_sell, products=products)
    shelves = {
        sku: Shelf(
            on_hand=product.on_hand,
            on_order=open_orders[sku].outstanding if sku in open_orders else 0,
            policy=product.policy,
        )
        for sku, product in products.items()
    }
    decisions = decide_sales(requests=to_sell, shelves=shelves)
    for decision in decisions:
        if decision.reorder:
            open_orders[decision.request.sku] = request_replenishment(
                transaction,
                product=products[decision.request.sku],
                decision=decision.reorder,
                shop=shop,
                now=now,
                correlation_id=decision.request.id,
                notice=Notice(subject=decision.request.subject, message=decision.request.message),
            )
    purchases = write_sales(
        transaction,
        decisions=decisions,
        products=products,
        open_orders=open_orders,
        shop=shop,
        now=now,
    )
    return answers | {
        one.id: PurchaseAnswer(purchase=one, replenishment=open_orders[one.sku] if one.replenishment_id else None)
        for one in purchases
    }


def _answer_without_selling(
    transaction: Transaction,
    *,
    requests: Sequence[PurchaseRequest],
    products: Mapping[str, Product],
    look_for_own_ids: bool,
) -> dict[str, Answer]:
    keys = [request.idempotency_key for request in requests if request.idempotency_key]
    known = {one.idempotency_key: one for one in list_purchases_by_key(transaction, keys)} if keys else {}
    ids = [request.id for request in requests] if look_for_own_ids else []
    own = {one.id: one for one in list_purchases_by_id(transaction, ids)} if ids else {}
    waited_for = {one.replenishment_id for one in (*known.values(), *own.values()) if one.replenishment_id}
    orders = {one.id: one for one in list_replenishments_by_id(transaction, waited_for)} if waited_for else {}
    answers: dict[str, Answer] = {}
    for request in requests:
        before = own.get(request.id) or (known.get(request.idempotency_key) if request.idempotency_key else None)
        if before and before.request_hash != request.request_hash:
            answers[request.id] = IdempotencyKeyReused()
        elif before:
            order = orders.get(before.replenishment_id) if before.replenishment_id else None
            answers[request.id] = PurchaseAnswer(purchase=before, replenishment=order)
        elif refusal := _refuse(request, products.get(request.sku)):
            answers[request.id] = refusal
    return answers


def _refuse(request: PurchaseRequest, product: Product | None) -> PurchaseRefused | None:
    if product is None or product.archived_at:
        return UnknownProduct(request.sku)
    if request.factory_id is not None and request.factory_id != product.factory_id:
        return WrongFactory(sku=request.sku, factory_id=request.factory_id)
    return None


def _read_open_orders(
    transaction: Transaction, *, requests: Iterable[PurchaseRequest], products: Mapping[str, Product]
) -> dict[str, Replenishment]:
    """Read them only where one may be needed: a plain sale saves the round trip."""
    wanted: dict[str, int] = defaultdict(int)
    for request in requests:
        wanted[request.sku] += request.quantity
    at_risk = [
        sku
        for sku, quantity in wanted.items()
        if may_run_short(policy=products[sku].policy, on_hand=products[sku].on_hand - quantity)
    ]
    return list_open_replenishments(transaction, at_risk) if at_risk else {}
