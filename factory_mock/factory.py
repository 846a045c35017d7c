"""The factory: takes an order, produces it, and has its shop told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from factory_mock.callback_client import CallbackClient
from factory_mock.callback_hosts import CallbackHosts
from factory_mock.callbacks import Callbacks
from factory_mock.fault_panel import FaultPanel
from factory_mock.faults import Faults
from factory_mock.order_book import OrderBook
from factory_mock.order_form import OrderForm
from factory_mock.orders import Order, OrderStatus
from factory_mock.production_line import ProductionLine

_log = structlog.get_logger("factory_mock")


class Factory:
    """Orders in, deliveries out. Start it before the first order, stop it at the end."""

    def __init__(
        self,
        *,
        lead_time_seconds: float,
        hosts: CallbackHosts,
        panel: FaultPanel | None = None,
        book: OrderBook | None = None,
        line: ProductionLine | None = None,
    ) -> None:
        self.book = book or OrderBook()
        self.panel = panel or FaultPanel()
        self._line = line or ProductionLine()
        self._lead_time = timedelta(seconds=lead_time_seconds)
        self._hosts = hosts
        self._callbacks = Callbacks(
            book=self.book, panel=self.panel, line=self._line, client=CallbackClient(hosts)
        )

    def start(self) -> None:
        """Start to produce, first what was ordered before."""
        self._line.start()
        for order in self.book.unsettled():
            wait = (order.expected_at - datetime.now(UTC)).total_seconds()
            self._line.after(max(0.0, wait), partial(self._callbacks.send, order.id))

    def stop(self) -> None:
        """Stop, and let go of whoever the simulator keeps waiting.

        Orders not delivered yet are lost, unless the book has a file.
        """
        self.panel.switch(Faults())
        self._line.stop()

    @property
    def running(self) -> bool:
        """Whether an order taken now would be produced."""
        return self._line.running

    def place(
        self, form: OrderForm, *, idempotency_key: str | None = None, correlation_id: str | None = None
    ) -> tuple[Order, bool]:
        """Take an order and return it with True; or return the order of this key with False.

        The shop of a repeated order that is finished is told again, at once.
        Raises CallbackNotAllowed, IdempotencyKeyReused, OrderBookFull.
        """
        self._hosts.target(form.callback_url)
        now = datetime.now(UTC)
        order, new = self.book.place(
            form,
            idempotency_key=idempotency_key,
            correlation_id=correlation_id,
            at=now,
            expected_at=now + self._lead_time,
        )
        _log.info(
            "order_taken" if new else "order_repeated",
            order_id=order.id,
            idempotency_key=idempotency_key,
            correlation_id=order.correlation_id,
            sku=form.sku,
            quantity=form.quantity,
        )
        if new:
            self._line.after(self._lead_time.total_seconds(), partial(self._callbacks.send, order.id))
        elif order.status is not OrderStatus.IN_PRODUCTION:
            self._line.after(0, partial(self._callbacks.send, order.id))
        return order, new
