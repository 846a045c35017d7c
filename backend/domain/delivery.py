"""Whether a delivery is taken in: rules without I/O."""

from dataclasses import dataclass

from backend.domain.replenishment import Replenishment, Status

THE_ONLY_DELIVERY = ""
"""The delivery id of a factory that names none: then there is one delivery, and it closes the order."""


class OverDelivery(Exception):
    """The factory delivers more than is still to come."""

    def __init__(self, *, quantity: int, outstanding: int) -> None:
        super().__init__(f"{quantity} units delivered, but only {outstanding} are still to come")


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What a delivery makes of its replenishment."""

    received_quantity: int
    status: Status


def accept_delivery(*, replenishment: Replenishment, delivery_id: str, quantity: int) -> Acceptance:
    """What an open replenishment becomes by a delivery of ``quantity`` units (1 or more).

    Raises:
        OverDelivery: more than was ordered.
    """
    if quantity > replenishment.outstanding:
        raise OverDelivery(quantity=quantity, outstanding=replenishment.outstanding)
    received = replenishment.received_quantity + quantity
    complete = received == replenishment.quantity or delivery_id == THE_ONLY_DELIVERY
    return Acceptance(
        received_quantity=received, status=Status.RECEIVED if complete else Status.PARTIALLY_RECEIVED
    )
