"""A shop in memory that answers as the backend's contract says. Tests change what it holds."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

FACTORY = "FF-500293"
CATALOGUE = (
    ("CP-502101", "부산도너츠", "Busan donut", 1_800, 10, None, 10),
    ("CP-502102", "초코 도너츠", "Chocolate donut", 2_300, 40, 15, 30),
    ("CP-502103", "딸기 크림 도너츠", "Strawberry cream donut", 2_800, 8, 12, 24),
    ("CP-502104", "팥 도너츠", "Red bean donut", 2_200, 0, 10, 20),
    ("CP-502105", "찹쌀 꽈배기", "Glutinous rice twist", 1_900, 50, 20, 40),
)
Json = dict[str, Any]


def text(at: datetime) -> str:
    """A time as the backend writes it."""
    return f"{at:%Y-%m-%dT%H:%M:%S.%f}Z"


def now(*, minus_seconds: float = 0) -> str:
    """The time, or so long before it."""
    return text(datetime.now(UTC) - timedelta(seconds=minus_seconds))


@dataclass
class FakeShop:
    """What the fake backend holds."""

    products: dict[str, Json] = field(default_factory=dict)
    replenishments: list[Json] = field(default_factory=list)
    movements: list[Json] = field(default_factory=list)
    activity: list[Json] = field(default_factory=list)
    purchases: dict[str, Json] = field(default_factory=dict)
    faults: Json = field(default_factory=dict)
    queue: Json | None = field(default_factory=lambda: {"visible": 1, "in_flight": 0, "dead_letters": 0})
    alerts: list[Json] = field(default_factory=list)
    sales_per_minute: int = 3

    @classmethod
    def with_catalogue(cls) -> "FakeShop":
        """The demo shop: one product sold out, one running low, the others in stock."""
        shop = cls()
        for row in CATALOGUE:
            shop.add_product(*row)
        return shop

    def add_product(
        self, sku: str, name: str, name_en: str, price: int, on_hand: int, reorder_point: int | None, lot: int
    ) -> Json:
        """Put a product on the shelf."""
        self.products[sku] = {
            "sku": sku,
            "name": name,
            "name_en": name_en,
            "price": price,
            "on_hand": on_hand,
            "on_order": 0,
            "reorder_point": reorder_point,
            "lot_size": lot,
            "factory_id": FACTORY,
            "state": "",
            "sales_per_minute": 1.5,
            "archived_at": None,
            "created_at": now(minus_seconds=86_400),
            "updated_at": now(minus_seconds=60),
        }
        self.settle(sku)
        return self.products[sku]

    def alert(self, kind: str, sku: str, *, korean: str, english: str) -> None:
        """Let something be wrong for two hours."""
        self.alerts.append(
            {
                "kind": kind,
                "subject": sku,
                "sku": sku,
                "detail": "",
                "raised_at": now(minus_seconds=7_200),
                "text": {"ko": korean, "en": english},
            }
        )

    def settle(self, sku: str) -> None:
        """Work out what depends on stock and orders."""
        product = self.products[sku]
        orders = [one for one in self.replenishments if one["sku"] == sku and self.is_open(one)]
        product["on_order"] = sum(one["quantity"] - one["received_quantity"] for one in orders)
        low = product["on_hand"] <= (product["reorder_point"] or 0)
        product["state"] = "out_of_stock" if product["on_hand"] == 0 else "low" if low else "in_stock"

    def is_open(self, replenishment: Json) -> bool:
        """Whether something is still to come of it."""
        return replenishment["status"] not in ("received", "cancelled")

    def order(self, sku: str, *, quantity: int, cause: str, status: str = "requested", **more: Any) -> Json:
        """Make a replenishment in any state."""
        product = self.products[sku]
        replenishment = {
            "id": f"0199-{len(self.replenishments):04d}",
            "number": f"RO-{len(self.replenishments) + 1:04d}",
            "sku": sku,
            "factory_id": FACTORY,
            "quantity": quantity,
            "received_quantity": quantity if status == "received" else 0,
            "status": status,
            "cause": cause,
            "shortage": 1,
            "on_hand_at_request": product["on_hand"],
            "reorder_point_at_request": product["reorder_point"],
            "lot_size_at_request": product["lot_size"],
            "actor": "shop",
            "correlation_id": "c-1",
            "attempts": 0,
            "last_error": None,
            "expected_at": None,
            "requested_at": now(minus_seconds=40),
            "published_at": now(minus_seconds=39) if status != "requested" else None,
            "ordered_at": now(minus_seconds=38) if status in ("ordered", "received") else None,
            "asked_at": None,
            "dead_lettered_at": None,
            "received_at": now(minus_seconds=30) if status == "received" else None,
            "cancelled_at": None,
            **more,
        }
        self.replenishments.insert(0, replenishment)
        self.settle(sku)
        return replenishment

    def move(self, sku: str, *, quantity: int, kind: str, reason: str | None = None) -> Json:
        """Change the stock and write it down."""
        self.products[sku]["on_hand"] += quantity
        self.settle(sku)
        movement = {
            "id": len(self.movements) + 1,
            "sku": sku,
            "quantity": quantity,
            "on_hand_after": self.products[sku]["on_hand"],
            "kind": kind,
            "reference": None,
            "actor": "customer" if kind == "sale" else "operator",
            "reason": reason,
            "created_at": now(),
        }
        self.movements.insert(0, movement)
        return movement

    def did(self, kind: str, sku: str, quantity: int, *, number: str | None = None) -> None:
        """Write down what happened."""
        entry = {"at": now(), "kind": kind, "sku": sku, "quantity": quantity, "reference": "r", "number": number}
        self.activity.insert(0, entry | {"actor": "customer"})
