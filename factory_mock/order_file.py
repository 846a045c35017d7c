"""The order book on disk, so that a factory that was killed still knows what it promised."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from factory_mock.orders import Order

_ORDER = TypeAdapter(Order)


class OrderFile:
    """A line for each change of an order, the last one counts.

    It holds signed addresses: only its owner may read it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1

    def read(self) -> list[Order]:
        """Return every order as it was last written, oldest first, and keep the file to those from now on.

        A line that was cut off, as the last may be when the program is killed, is left out.
        """
        found: dict[str, Order] = {}
        if self._path.exists():
            for line in self._path.read_bytes().splitlines():
                try:
                    order = _ORDER.validate_json(line)
                except ValidationError:
                    continue
                found[order.id] = order
        self._begin_anew(list(found.values()))
        return list(found.values())

    def write(self, order: Order) -> None:
        """Write an order as it is now; whatever kills this process, the line is there."""
        os.write(self._descriptor, _line(order))

    def _begin_anew(self, orders: list[Order]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_name(f"{self._path.name}.new")
        self._descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        for order in orders:
            self.write(order)
        fresh.replace(self._path)


def _line(order: Order) -> bytes:
    return _ORDER.dump_json(order, by_alias=True, exclude_unset=True) + b"\n"
