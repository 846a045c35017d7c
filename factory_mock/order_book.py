"""The order book: every order of the factory, in memory, and in a file where it has one."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime

import uuid_utils

from factory_mock.order_file import OrderFile
from factory_mock.order_form import OrderForm
from factory_mock.orders import Delivery, DeliveryStatus, Order


class OrderBookFull(Exception):
    """Every order the book can hold is still being worked on."""


class UnknownOrder(Exception):
    """No such order, or one so old that the book no longer has it."""


class IdempotencyKeyReused(Exception):
    """The key was used before, for another order."""


class OrderBook:
    """Every order of the factory, newest last, and at most `limit` of them; with a file, also those of before."""

    def __init__(self, *, limit: int = 5_000, file: OrderFile | None = None) -> None:
        self._limit = limit
        self._file = file
        self._lock = threading.Lock()
        kept = file.read()[-limit:] if file else []
        self._orders = {order.id: order for order in kept}
        self._by_key = {order.idempotency_key: order.id for order in kept if order.idempotency_key is not None}

    def place(
        self,
        form: OrderForm,
        *,
        idempotency_key: str | None,
        correlation_id: str | None,
        at: datetime,
        expected_at: datetime,
    ) -> tuple[Order, bool]:
        """File an order and return it with True, or the order of this key with False.

        A repeat may carry a renewed signature in its CallbackUrl, which is used from then on.
        Raises IdempotencyKeyReused if the key's order was another one, OrderBookFull if there is no room.
        """
        with self._lock:
            known = self._orders.get(self._by_key.get(idempotency_key or "", ""))
            if known is not None:
                if known.form.identity() != form.identity():
                    raise IdempotencyKeyReused
                return self._keep(replace(known, form=form)), False
            self._make_room()
            order = Order(
                id=str(uuid_utils.uuid7()),
                form=form,
                idempotency_key=idempotency_key,
                correlation_id=correlation_id,
                ordered_at=at,
                expected_at=expected_at,
            )
            if idempotency_key is not None:
                self._by_key[idempotency_key] = order.id
            return self._keep(order), True

    def get(self, order_id: str) -> Order:
        """Return an order. Raises UnknownOrder."""
        with self._lock:
            return self._get(order_id)

    def newest(self, limit: int) -> list[Order]:
        """Return the newest orders, newest first."""
        with self._lock:
            return [order for order, _ in zip(reversed(self._orders.values()), range(limit), strict=False)]

    def unsettled(self) -> list[Order]:
        """Return the orders that something still happens to, oldest first."""
        with self._lock:
            return [order for order in self._orders.values() if not order.settled]

    def send_off(self, order_id: str, *, at: datetime, parts: int, status: DeliveryStatus) -> Order:
        """Begin to send the deliveries, in so many parts if they were not made up before.

        Raises UnknownOrder.
        """
        with self._lock:
            order = self._get(order_id)
            deliveries = order.deliveries or _split(order, parts)
            return self._keep(
                replace(
                    order,
                    finished_at=order.finished_at or at,
                    deliveries=tuple(replace(delivery, status=status) for delivery in deliveries),
                    sending=order.sending + 1,
                )
            )

    def note_attempt(
        self, order_id: str, *, sending: int, delivery_id: str, status: DeliveryStatus, error: str | None
    ) -> None:
        """Write down how one call ended. A failure from an earlier sending is only counted.

        Raises UnknownOrder.
        """
        with self._lock:
            order = self._get(order_id)
            deliveries = tuple(
                _after_attempt(delivery, status, error, current=order.sending == sending)
                if delivery.id == delivery_id
                else delivery
                for delivery in order.deliveries
            )
            self._keep(replace(order, deliveries=deliveries))

    def _get(self, order_id: str) -> Order:
        try:
            return self._orders[order_id]
        except KeyError:
            raise UnknownOrder from None

    def _keep(self, order: Order) -> Order:
        self._orders[order.id] = order
        if self._file:
            self._file.write(order)
        return order

    def _make_room(self) -> None:
        if len(self._orders) < self._limit:
            return
        oldest = next((order for order in self._orders.values() if order.settled), None)
        if oldest is None:
            raise OrderBookFull
        del self._orders[oldest.id]
        self._by_key.pop(oldest.idempotency_key or "", None)


def _split(order: Order, parts: int) -> tuple[Delivery, ...]:
    """Share the quantity among so many deliveries, as evenly as whole pieces allow and none of them empty."""
    parts = min(parts, order.form.quantity)
    share, rest = divmod(order.form.quantity, parts)
    return tuple(Delivery(id=f"{order.id}.{n}", quantity=share + (n <= rest)) for n in range(1, parts + 1))


def _after_attempt(delivery: Delivery, status: DeliveryStatus, error: str | None, *, current: bool) -> Delivery:
    counted = replace(delivery, attempts=delivery.attempts + 1)
    if status is DeliveryStatus.ACCEPTED:
        return replace(counted, status=status, last_error=None)
    if delivery.status is DeliveryStatus.ACCEPTED or not current:
        return counted
    return replace(counted, status=status, last_error=error)
