"""How a shop is told: each delivery of an order, until it is accepted or refused for good."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from urllib.parse import parse_qsl, urlencode, urlsplit

import structlog

from factory_mock.callback_client import Answer, CallbackClient
from factory_mock.fault_panel import CallbackPlan, FaultPanel
from factory_mock.order_book import OrderBook, UnknownOrder
from factory_mock.orders import Delivery, DeliveryStatus, Order
from factory_mock.production_line import ProductionLine
from factory_mock.retry_policy import seconds_until_retry

FORGED_SIGNATURE = "0" * 64

_log = structlog.get_logger("factory_mock")


@dataclass(frozen=True, kw_only=True)
class _Call:
    """One telling of one delivery, tried until the shop answers."""

    order_id: str
    delivery: Delivery
    sending: int
    plan: CallbackPlan
    attempt: int = 1


class Callbacks:
    """Sends finished orders to their shops; the production line keeps the time between tries."""

    def __init__(
        self, *, book: OrderBook, panel: FaultPanel, line: ProductionLine, client: CallbackClient
    ) -> None:
        self._book = book
        self._panel = panel
        self._line = line
        self._client = client

    def send(self, order_id: str) -> None:
        """Tell the shop of a finished order, as well or as badly as the simulator's switches say."""
        plan = self._panel.plan_callback()
        if plan != CallbackPlan():
            _log.warning("callback_spoilt_by_simulator", order_id=order_id, plan=repr(plan))
        if plan.late_seconds:
            self._line.after(plan.late_seconds, partial(self._send_off, order_id, plan))
        else:
            self._send_off(order_id, plan)

    def _send_off(self, order_id: str, plan: CallbackPlan) -> None:
        status = DeliveryStatus.WITHHELD if plan.withheld else DeliveryStatus.PENDING
        with suppress(UnknownOrder):
            order = self._book.send_off(order_id, at=datetime.now(UTC), parts=plan.parts, status=status)
            calls = [
                _Call(order_id=order_id, delivery=delivery, sending=order.sending, plan=plan)
                for delivery in (() if plan.withheld else order.deliveries)
                for _ in range(plan.copies)
            ]
            if plan.reordered:
                self._line.after(0, partial(self._make_in_turn, calls[::-1]))
                return
            for call in calls:
                self._line.after(0, partial(self._make, call))

    def _make_in_turn(self, calls: list[_Call]) -> None:
        for call in calls:
            self._make(call)

    def _make(self, call: _Call) -> None:
        with suppress(UnknownOrder):
            order = self._book.get(call.order_id)
            if order.sending != call.sending:
                return  # the order was repeated meanwhile, and a newer sending is under way
            answer = self._post(order, call)
            delay = None
            if not answer.final:
                delay = seconds_until_retry(attempt=call.attempt, retry_after=answer.retry_after)
            self._note(order, call, answer, tried_again=delay is not None)
            if delay is not None:
                self._line.after(delay, partial(self._make, replace(call, attempt=call.attempt + 1)))

    def _post(self, order: Order, call: _Call) -> Answer:
        url = order.form.callback_url
        return self._client.post(
            url=_with_forged_signature(url) if call.plan.forged else url,
            delivery_id=call.delivery.id,
            correlation_id=order.correlation_id,
            body=order.form.as_sent_back(quantity=call.delivery.quantity + call.plan.difference),
        )

    def _note(self, order: Order, call: _Call, answer: Answer, *, tried_again: bool) -> None:
        status = _status(answer, tried_again=tried_again)
        _log.info(
            "callback_answered",
            order_id=order.id,
            idempotency_key=order.idempotency_key,
            correlation_id=order.correlation_id,
            delivery_id=call.delivery.id,
            attempt=call.attempt,
            status=status,
            problem=answer.problem,
        )
        self._book.note_attempt(
            order.id,
            sending=call.sending,
            delivery_id=call.delivery.id,
            status=status,
            error=answer.problem,
        )


def _status(answer: Answer, *, tried_again: bool) -> DeliveryStatus:
    if answer.problem is None:
        return DeliveryStatus.ACCEPTED
    if answer.final:
        return DeliveryStatus.REFUSED
    return DeliveryStatus.PENDING if tried_again else DeliveryStatus.FAILED


def _with_forged_signature(url: str) -> str:
    """Return the URL with another signature of the usual length, whether it had one or not."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) | {"signature": FORGED_SIGNATURE}
    return parts._replace(query=urlencode(query)).geturl()
