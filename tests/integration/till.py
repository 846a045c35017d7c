"""What tests sell, order and deliver with: the services, called as the API and the worker call them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from backend.domain.delivery import THE_ONLY_DELIVERY
from backend.domain.movement import Kind, Movement
from backend.domain.replenishment import Replenishment
from backend.domain.sale import PurchaseRequest
from backend.domain.shop import Shop
from backend.services import clock
from backend.services.adjust import adjust
from backend.services.cancel import cancel
from backend.services.operator_record import Operator
from backend.services.products import NewProduct, create_product, update_product
from backend.services.purchase import Answer, PurchaseAnswer, sell
from backend.services.receive import Arrival, receive
from backend.services.restock import Restocked, restock
from backend.store import replenishments
from backend.store.unit_of_work import Database

DONUT = "CP-502101"
FACTORY_ID = "FF-500293"
SECRET = "a-secret-for-tests-only"
OPERATOR = Operator(actor="alice")
SHOP = Shop(
    topic="stock-empty",
    requester="부산도너츠",
    requester_tel="051-000-0000",
    public_url="http://127.0.0.1:8000",
    callback_secrets=(SECRET,),
)


@dataclass
class SettableClock:
    """The present, moved by ``ahead``."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        """The moment that the services shall take for now."""
        return clock.now() + self.ahead


def wants(
    quantity: int = 1,
    *,
    sku: str = DONUT,
    key: str | None = None,
    factory_id: str | None = None,
    purchase_id: str | None = None,
) -> PurchaseRequest:
    """A customer's wish, with the body's hash where there is a key, as the API makes it."""
    return PurchaseRequest(
        id=purchase_id or clock.new_id(),
        sku=sku,
        quantity=quantity,
        factory_id=factory_id,
        idempotency_key=key,
        request_hash=f"{sku} {quantity} {factory_id}" if key else None,
    )


@dataclass
class Till:
    """The shop's counter, on one database."""

    database: Database
    shop: Shop = SHOP
    clock: SettableClock = field(default_factory=SettableClock)

    def open(
        self,
        sku: str = DONUT,
        *,
        on_hand: int = 10,
        reorder_point: int | None = None,
        lot_size: int = 10,
        price: int = 1_800,
    ) -> None:
        """Put a new product on the shelf."""
        product = NewProduct(
            sku=sku,
            name="부산도너츠",
            name_en="Busan donut",
            price=price,
            factory_id=FACTORY_ID,
            on_hand=on_hand,
            reorder_point=reorder_point,
            lot_size=lot_size,
        )
        create_product(database=self.database, added=product, operator=OPERATOR, shop=self.shop, clock=self.clock)

    def sell(self, *requests: PurchaseRequest) -> list[Answer]:
        """Sell a list in one transaction."""
        return sell(database=self.database, requests=requests, shop=self.shop, clock=self.clock)

    def buy(self, quantity: int = 1, *, sku: str = DONUT, key: str | None = None) -> PurchaseAnswer:
        """Buy, and raise what was refused."""
        [answer] = self.sell(wants(quantity, sku=sku, key=key))
        if isinstance(answer, Exception):
            raise answer
        return answer

    def deliver(
        self, replenishment_id: str, quantity: int, *, delivery_id: str = THE_ONLY_DELIVERY
    ) -> Replenishment:
        """Let the factory deliver."""
        arrival = Arrival(replenishment_id=replenishment_id, delivery_id=delivery_id, quantity=quantity)
        return receive(database=self.database, arrival=arrival, shop=self.shop, clock=self.clock)

    def restock(self, quantity: int | None = None, *, sku: str = DONUT) -> Restocked:
        """Let the operator order."""
        return restock(
            database=self.database,
            sku=sku,
            quantity=quantity,
            operator=OPERATOR,
            shop=self.shop,
            clock=self.clock,
        )

    def cancel(self, replenishment_id: str, *, although_ordered: bool = False) -> Replenishment:
        """Let the operator take an order back."""
        return cancel(
            database=self.database,
            replenishment_id=replenishment_id,
            although_ordered=although_ordered,
            operator=OPERATOR,
            shop=self.shop,
            clock=self.clock,
        )

    def adjust(self, quantity: int, *, sku: str = DONUT, kind: Kind = Kind.ADJUSTMENT) -> Movement:
        """Let the operator count, or a customer bring back."""
        return adjust(
            database=self.database,
            sku=sku,
            quantity=quantity,
            kind=kind,
            reason="counted",
            operator=OPERATOR,
            shop=self.shop,
            clock=self.clock,
        )

    def change(self, *, sku: str = DONUT, **changes: Any) -> None:
        """Let the operator change a product: its policy, or whether it is archived."""
        update_product(
            database=self.database, sku=sku, changes=changes, operator=OPERATOR, shop=self.shop, clock=self.clock
        )

    def note_ordered(self, replenishment_id: str) -> bool:
        """Note, as the worker does, that the factory took the order."""
        with self.database.unit_of_work() as transaction:
            noted = replenishments.mark_ordered(transaction, replenishment_id, now=self.clock())
            transaction.commit()
        return noted

    def order(self, replenishment_id: str) -> Replenishment:
        """A replenishment as it stands."""
        with self.database.snapshot() as transaction:
            found = replenishments.get_replenishment(transaction, replenishment_id)
        assert found is not None
        return found

    def orders(self, *, sku: str | None = None, only_open: bool = False) -> Sequence[Replenishment]:
        """Every replenishment, newest first."""
        with self.database.snapshot() as transaction:
            return replenishments.list_replenishments(transaction, limit=1000, sku=sku, only_open=only_open)
