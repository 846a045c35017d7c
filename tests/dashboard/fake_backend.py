"""The backend's HTTP contract over a shop in memory: for tests of the dashboard alone, and for nothing else."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server

from tests.dashboard.fake_shop import FakeShop, Json, now, text

TOKEN = "sesame-of-the-tests"
PROBLEM = "urn:factoauto:problem:"


class FakeBackend:
    """A running fake. ``calls`` are the requests that it got, ``broken`` makes it answer 503."""

    def __init__(self, shop: FakeShop) -> None:
        """Serve this shop once started."""
        self.shop = shop
        self.calls: list[tuple[str, str, Any, dict[str, str]]] = []
        self.broken = False
        self.url = ""
        self.app = Flask("fake_backend")
        self.app.json.ensure_ascii = False  # type: ignore[attr-defined]
        self.app.before_request(self._note)
        _add_reads(self.app, shop)
        _add_writes(self.app, shop)

    def _note(self) -> Any:
        body = request.get_json(silent=True)
        self.calls.append((request.method, request.full_path.rstrip("?"), body, dict(request.headers)))
        if self.broken:
            return problem(503, "database-unavailable", "The database is not available")
        return None

    def changes(self) -> list[tuple[str, str, Any]]:
        """The calls that change something: method, path, body."""
        return [(method, path, body) for method, path, body, _ in self.calls if method != "GET"]

    @contextmanager
    def running(self, port: int = 0) -> Iterator["FakeBackend"]:
        """Serve on a port of 127.0.0.1, a free one by default, while the block runs."""
        with running_app(self.app, port) as self.url:
            yield self


@contextmanager
def running_app(app: Flask, port: int = 0) -> Iterator[str]:
    """Serve an application on 127.0.0.1 while the block runs; its URL."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def problem(status: int, kind: str, title: str, **more: Any) -> tuple[Response, int]:
    """A problem document."""
    answer = jsonify({"type": f"{PROBLEM}{kind}", "title": title, "status": status, **more})
    answer.mimetype = "application/problem+json"
    return answer, status


def _operator() -> bool:
    return request.headers.get("Authorization") == f"Bearer {TOKEN}"


def _overview(shop: FakeShop) -> Json:
    products = []
    for product in shop.products.values():
        if product["archived_at"]:
            continue
        sku = product["sku"]
        open_one = next((one for one in shop.replenishments if one["sku"] == sku and shop.is_open(one)), None)
        rate = product["sales_per_minute"]
        products.append(
            product
            | {
                "sold_quantity": 90,
                "revenue": 90 * product["price"],
                "lost_quantity": 2,
                "lost_amount": 2 * product["price"],
                "lead_time_seconds": 3.2,
                "open_replenishment_id": open_one["id"] if open_one else None,
                "runs_out_in_seconds": product["on_hand"] / rate * 60 if rate else None,
            }
        )
    return {
        "at": now(),
        "minutes": 60,
        "revenue": sum(one["revenue"] for one in products),
        "sold_quantity": sum(one["sold_quantity"] for one in products),
        "lost_quantity": sum(one["lost_quantity"] for one in products),
        "lost_amount": sum(one["lost_amount"] for one in products),
        "short_products": sum(one["state"] != "in_stock" for one in products),
        "total_products": len(products),
        "open_replenishments": sum(shop.is_open(one) for one in shop.replenishments),
        "products": products,
        "queue": shop.queue,
        "oldest_seconds": None,
    }


def _window() -> tuple[datetime, datetime]:
    end = datetime.now(UTC)
    start = request.args.get("from")
    return (datetime.fromisoformat(start) if start else end - timedelta(minutes=30)), end


def _skus(shop: FakeShop) -> list[str]:
    return request.args.getlist("sku") or list(shop.products)


def _stock_history(shop: FakeShop) -> Json:
    start, end = _window()
    step = (end - start) / 20
    series = []
    for sku in _skus(shop):
        points = [{"at": text(start + step * n), "on_hand": (37 - 3 * n) % 40} for n in range(20)]
        receipts = [{"at": text(start + step * 13), "quantity": 40, "replenishment_id": "0199-0000"}]
        series.append({"sku": sku, "points": points, "receipts": receipts})
    return {"from": text(start), "to": text(end), "series": series}


def _sales_history(shop: FakeShop) -> Json:
    start, end = _window()
    first = start.replace(second=0, microsecond=0)
    series = []
    for index, sku in enumerate(_skus(shop)):
        price = shop.products[sku]["price"]
        points = []
        for minute in range(30 if shop.sales_per_minute else 0):
            sold = shop.sales_per_minute + (minute * (index + 2)) % 5
            at = text(first + timedelta(minutes=minute))
            points.append(
                {
                    "at": at,
                    "sold_quantity": sold,
                    "sold_amount": sold * price,
                    "lost_quantity": 0,
                    "lost_amount": 0,
                }
            )
        series.append({"sku": sku, "points": points})
    return {"from": text(start), "to": text(end), "bucket_seconds": 60, "series": series}


def _timeline(one: Json) -> list[Json]:
    steps = ("requested", "published", "ordered", "received")
    done = [(step, one[f"{step}_at"]) for step in steps if one[f"{step}_at"]]
    timeline = [{"at": at, "event": event, "detail": None, "seconds": 1.0} for event, at in done]
    if one["dead_lettered_at"]:
        timeline.append(
            {"at": one["dead_lettered_at"], "event": "dead_lettered", "detail": one["last_error"], "seconds": 9.0}
        )
    return timeline


def _add_reads(app: Flask, shop: FakeShop) -> None:
    def page(name: str, rows: list[Json]) -> Json:
        limit = request.args.get("limit", 50, int)
        start = request.args.get("cursor", 0, int)
        following = str(start + limit) if start + limit < len(rows) else None
        return {name: rows[start : start + limit], "next_cursor": following}

    @app.get("/api/overview")
    def overview() -> Json:
        return _overview(shop)

    @app.get("/api/products")
    def products() -> Json:
        return page("products", list(shop.products.values()))

    @app.get("/api/sales-history")
    def sales_history() -> Json:
        return _sales_history(shop)

    @app.get("/api/stock-history")
    def stock_history() -> Json:
        return _stock_history(shop)

    @app.get("/api/activity")
    def activity() -> Json:
        return page("activity", shop.activity)

    @app.get("/api/products/<sku>/movements")
    def movements(sku: str) -> Any:
        if sku not in shop.products:
            return problem(404, "unknown-product", "Unknown product")
        rows = [one for one in shop.movements if one["sku"] == sku]
        if request.headers.get("Accept") == "text/csv":
            lines = [",".join(str(value) for value in one.values()) for one in rows]
            return Response("\n".join(["id,sku,quantity", *lines]) + "\n", mimetype="text/csv")
        return page("movements", rows)

    @app.get("/api/replenishments")
    def replenishments() -> Json:
        only_open = request.args.get("open") == "true"
        return page("replenishments", [one for one in shop.replenishments if not only_open or shop.is_open(one)])

    @app.get("/api/replenishments/<replenishment_id>")
    def replenishment(replenishment_id: str) -> Any:
        found = next((one for one in shop.replenishments if one["id"] == replenishment_id), None)
        if found is None:
            return problem(404, "unknown-replenishment", "Unknown replenishment")
        return found | {"timeline": _timeline(found), "deliveries": []}

    @app.get("/api/queues")
    def queues() -> Any:
        if shop.queue is None:
            return problem(503, "queue-unavailable", "The queue is not available")
        samples = [{"at": now(minus_seconds=10 * n), **shop.queue} for n in range(30, -1, -1)]
        return {"at": now(), **shop.queue, "oldest_seconds": 12.5, "samples": samples}

    @app.get("/api/queues/dead-letters")
    def dead_letters() -> Json:
        dead = [one for one in shop.replenishments if one["dead_lettered_at"] and shop.is_open(one)]
        payload = {"subject": "부산도너츠", "body": "재고 부족", "attributes": {"ProductId": "CP-502101"}}
        return {
            "dead_letters": [
                {"replenishment": one, "cause": one["last_error"], "attempts": one["attempts"], "payload": payload}
                for one in dead
            ]
        }

    @app.get("/api/alerts")
    def alerts() -> Json:
        return {"alerts": shop.alerts, "undelivered_messages": 0}

    @app.get("/api/simulator/faults")
    def faults() -> Any:
        return shop.faults if _operator() else problem(401, "unauthorized", "Unauthorized")


def _add_writes(app: Flask, shop: FakeShop) -> None:
    @app.before_request
    def only_operators() -> Any:
        open_to_all = request.method == "GET" or request.path == "/api/purchases"
        return None if open_to_all or _operator() else problem(401, "unauthorized", "Unauthorized", detail="token")

    @app.post("/api/purchases")
    def purchase() -> Any:
        key = request.headers.get("Idempotency-Key", "")
        if key not in shop.purchases:
            shop.purchases[key] = _purchase(shop, **request.get_json())
        answer = jsonify(shop.purchases[key])
        if "type" in shop.purchases[key]:
            answer.mimetype = "application/problem+json"
        return answer, shop.purchases[key].get("status", 201)

    @app.post("/api/products/<sku>/restock")
    def restock(sku: str) -> Any:
        quantity = request.get_json()["quantity"] or shop.products[sku]["lot_size"]
        return shop.order(sku, quantity=quantity, cause="restock"), 201

    @app.patch("/api/products/<sku>")
    def change(sku: str) -> Json:
        shop.products[sku].update(request.get_json())
        shop.settle(sku)
        return shop.products[sku]

    @app.post("/api/products/<sku>/adjustments")
    def adjust(sku: str) -> Any:
        body = request.get_json()
        if shop.products[sku]["on_hand"] + body["quantity"] < 0:
            return problem(409, "stock-too-low", "Stock too low")
        return shop.move(sku, quantity=body["quantity"], kind="adjustment", reason=body["reason"]), 201

    @app.post("/api/replenishments/<replenishment_id>/cancel")
    def cancel(replenishment_id: str) -> Any:
        found = next(one for one in shop.replenishments if one["id"] == replenishment_id)
        late = found["status"] not in ("requested", "published")
        if late and not (shop.is_open(found) and request.args.get("although_ordered") == "true"):
            return problem(409, "too-late-to-cancel", "Too late to cancel")
        found.update(status="cancelled", cancelled_at=now())
        shop.settle(found["sku"])
        return found

    @app.post("/api/queues/dead-letters/redrive")
    def redrive() -> Json:
        wanted = request.get_json()["replenishment_ids"]
        dead = [one for one in shop.replenishments if one["dead_lettered_at"] and shop.is_open(one)]
        chosen = [one for one in dead if wanted is None or one["id"] in wanted]
        for one in chosen:
            one.update(dead_lettered_at=None, attempts=0)
        strays = max(0, shop.queue["dead_letters"] - len(dead)) if shop.queue and wanted is None else 0
        if shop.queue:
            shop.queue["dead_letters"] = max(0, shop.queue["dead_letters"] - len(chosen) - strays)
        return {"redriven": len(chosen) + strays}

    @app.put("/api/simulator/faults")
    def set_faults() -> Json:
        shop.faults = request.get_json()
        return shop.faults


def _purchase(shop: FakeShop, *, sku: str, quantity: int) -> Json:
    product = shop.products[sku]
    if quantity > product["on_hand"]:
        order = shop.order(sku, quantity=product["lot_size"], cause="refused_purchase")
        shop.did("out_of_stock", sku, quantity)
        shop.did("order", sku, order["quantity"], number=order["number"])
        return {
            "type": f"{PROBLEM}out-of-stock",
            "title": "재고부족, 제품 생산 요청!",
            "status": 409,
            "purchase_id": "p",
            "sku": sku,
            "quantity": quantity,
            "replenishment_id": order["id"],
            "replenishment_number": order["number"],
            "expected_at": None,
        }
    shop.move(sku, quantity=-quantity, kind="sale")
    shop.did("sale", sku, quantity)
    return {
        "id": "p",
        "sku": sku,
        "quantity": quantity,
        "unit_price": product["price"],
        "outcome": "sold",
        "replenishment_id": None,
        "message": "판매완료",
        "created_at": now(),
    }
