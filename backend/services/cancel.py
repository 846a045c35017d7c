"""Cancel: take back a replenishment that the factory has not taken yet, or that it will not deliver any more."""

from backend.domain.replenishment import AWAITING_DELIVERY, Replenishment, Status
from backend.domain.shop import Shop
from backend.services.clock import Clock
from backend.services.operator_record import Operator, record
from backend.services.receive import UnknownReplenishment
from backend.services.replenish import reorder_if_short
from backend.store import replenishments
from backend.store.products import lock_product
from backend.store.unit_of_work import Database, Transaction, attempts


class TooLateToCancel(Exception):
    """The factory has the order, or it is closed."""

    def __init__(self, status: Status) -> None:
        remedy = "; say although_ordered if the factory will not deliver" if status in AWAITING_DELIVERY else ""
        super().__init__(
            f"the replenishment is {status}; only a requested or published one can be cancelled{remedy}"
        )


def cancel(
    *,
    database: Database,
    replenishment_id: str,
    although_ordered: bool = False,
    operator: Operator,
    shop: Shop,
    clock: Clock,
) -> Replenishment:
    """Close the replenishment as cancelled, and order anew if the reorder rule still calls for it.

    Args:
        although_ordered: also what the factory has, whole or in part: it will not deliver, and whatever comes all
            the same is refused.

    Raises:
        UnknownReplenishment: there is none of this id.
        TooLateToCancel: it is received or cancelled already, or ordered and ``although_ordered`` was not said.
        DatabaseUnavailable: nothing is kept, or it cannot be told.
    """
    for attempt in attempts():
        with attempt, database.unit_of_work() as transaction:
            found = _find(transaction, replenishment_id)
            product = lock_product(transaction, found.sku)
            assert product is not None, "a replenishment's product is never deleted"  # noqa: S101 - a foreign key
            if not replenishments.cancel(
                transaction, replenishment_id, although_ordered=although_ordered, now=clock()
            ):
                raise TooLateToCancel(_find(transaction, replenishment_id).status)
            record(
                transaction,
                operator=operator,
                action="cancel",
                subject=replenishment_id,
                detail={"although_ordered": True} if although_ordered else {},
                shop=shop,
                now=clock(),
            )
            reorder_if_short(transaction, product=product, on_hand=product.on_hand, shop=shop, now=clock())
            cancelled = _find(transaction, replenishment_id)
            transaction.commit()
    return cancelled


def _find(transaction: Transaction, replenishment_id: str) -> Replenishment:
    found = replenishments.get_replenishment(transaction, replenishment_id)
    if found is None:
        raise UnknownReplenishment(replenishment_id)
    return found
