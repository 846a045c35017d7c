"""One request of every call that goes well, to be spoilt in every way."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.api.checked_client import CheckedClient
from tests.api.shop import ALICE, FACTORY_ID, JSON, Shop, bearer, unused_sku

PRODUCT_FILE = f"sku,name,name_en,price,factory_id\r\nT-FILE,가,a,1,{FACTORY_ID}\r\n"


METHODS = ("get", "put", "post", "delete", "patch")


def operations(published: JSON) -> Iterator[tuple[str, str, JSON]]:
    """Path, method and operation of each call of a document."""
    for path, item in published["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


@dataclass
class Call:
    """A request that goes well, to be spoilt in every way."""

    method: str
    path: str
    json: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    data: str | None = None

    def send(self, client: CheckedClient, **changes: Any) -> Any:
        sent: dict[str, Any] = {"headers": self.headers}
        if self.data is not None:
            sent |= {"data": self.data.encode(), "content_type": "text/csv"}
        elif self.json is not None:
            sent |= {"json": self.json}
        if "data" in changes:
            sent.pop("json", None)
        return client.open(self.path, method=self.method, **sent | changes)

    @property
    def is_operator_s(self) -> bool:
        return "Authorization" in self.headers

    @property
    def has_json(self) -> bool:
        return self.json is not None and self.data is None


@dataclass
class Everything:
    """The shops whose answers, taken together, are every kind there is."""

    shop: Shop
    broken: Shop
    off: Shop
    unreached: Shop

    def calls(self) -> list[Call]:
        """One call of each operation that goes well."""
        _, order = self.short()
        another, _ = self.short()
        sold = self.shop.buy(self.shop.open_product()).get_json()["id"]
        operator = bearer(ALICE)
        new = {"sku": unused_sku(), "name": "가", "name_en": "a", "price": 1, "factory_id": FACTORY_ID}
        product = self.shop.open_product()
        return [
            Call("POST", "/send", {"MessageAttributeProductId": product}),
            Call("GET", "/status"),
            Call("POST", "/api/purchases", {"sku": product}),
            Call("GET", f"/api/purchases/{sold}"),
            Call("GET", "/api/products"),
            Call("POST", "/api/products", new, operator),
            Call("GET", f"/api/products/{product}"),
            Call("PATCH", f"/api/products/{product}", {"price": 5}, operator),
            Call("POST", f"/api/products/{product}/restock", {}, operator),
            Call("POST", f"/api/products/{product}/adjustments", {"quantity": 1, "reason": "x"}, operator),
            Call("POST", f"/api/products/{product}/returns", {"quantity": 1}, operator),
            Call("GET", f"/api/products/{product}/movements"),
            Call("POST", "/api/products/import", headers=operator, data=PRODUCT_FILE),
            Call(
                "POST",
                "/api/movements/import",
                headers=operator,
                data=f"sku,quantity,kind,reason\r\n{product},1,return,x\r\n",
            ),
            Call("GET", "/api/overview"),
            Call("GET", "/api/stock-history"),
            Call("GET", "/api/sales-history"),
            Call("GET", "/api/activity"),
            Call("GET", "/api/alerts"),
            Call("GET", "/api/replenishments"),
            Call("GET", f"/api/replenishments/{order}"),
            Call("POST", self.shop.callback_path(order), {"MessageAttributeProductCnt": 10}),
            Call("POST", f"/api/replenishments/{self.order_of(another)}/cancel", headers=operator),
            Call("GET", "/api/queues"),
            Call("GET", "/api/queues/dead-letters"),
            Call("POST", "/api/queues/dead-letters/redrive", {}, operator),
            Call("GET", "/api/simulator/faults", headers=operator),
            Call("PUT", "/api/simulator/faults", {}, operator),
            Call("GET", "/healthz"),
            Call("GET", "/readyz"),
            Call("GET", "/metrics"),
        ]

    def short(self) -> tuple[str, str]:
        sku = self.shop.open_product(on_hand=0)
        return sku, str(self.shop.run_short(sku, 10)["replenishment_id"])

    def order_of(self, sku: str) -> str:
        return str(self.shop.get("/api/replenishments", sku=sku)["replenishments"][0]["id"])
