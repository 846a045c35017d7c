"""The whole shop in containers, from the first purchase to the last stop.

In this order: each test goes on from what the one before it left.
"""

import csv
import io
import re
import threading
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
import urllib3

from tests.images.engine import ROOT, Engine
from tests.images.shop import ContainerShop
from tests.servers.waiting import wait_until

pytestmark = pytest.mark.timeout(2400)

BY_HAND = "CP-502101"
BY_REORDER_POINT = ("CP-502102", "CP-502103", "CP-502104", "CP-502105")
FORM = {"encode_multipart": False, "redirect": False}
BUYERS = 8
PURCHASES_EACH = 30  # at the least
MOST_EACH = 5000
OWN = ("backend", "worker", "local-aws", "factory", "dashboard", "docs", "gateway")


@dataclass
class Crowd:
    """Customers who buy one donut after the other, each again and again with one key until they know."""

    shop: ContainerShop
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    ended: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def buy_all(self) -> None:
        """Buy until the sale has ended; returns when every purchase is answered."""
        with ThreadPoolExecutor(BUYERS) as pool:
            for _ in pool.map(self._buy_many, range(BUYERS)):
                pass

    def _buy_many(self, buyer: int) -> None:
        for number in range(MOST_EACH):
            if number >= PURCHASES_EACH and self.ended.is_set():
                return
            sku = BY_REORDER_POINT[(buyer + number) % len(BY_REORDER_POINT)]
            key = str(uuid.uuid4())
            wait_until(lambda: self._buys(sku, key), seconds=120, what=f"an answer to {key}")  # noqa: B023

    def _buys(self, sku: str, key: str) -> bool:
        try:
            response = self.shop.call(
                "POST", "/api/purchases", json={"sku": sku, "quantity": 1}, headers={"Idempotency-Key": key}
            )
        except urllib3.exceptions.HTTPError:
            return False
        if response.status not in (201, 409):
            return False
        with self._lock:
            self.answers[sku, response.status] += 1
        return True

    @property
    def answered(self) -> int:
        """How many purchases have their answer."""
        with self._lock:
            return self.answers.total()


def movements(shop: ContainerShop, sku: str) -> list[dict[str, str]]:
    """The ledger of a product."""
    response = shop.call("GET", f"/api/products/{sku}/movements", headers={"Accept": "text/csv"})
    return list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))


def units(shop: ContainerShop, sku: str, kind: str) -> int:
    return sum(abs(int(row["quantity"])) for row in movements(shop, sku) if row["kind"] == kind)


def replenishments(shop: ContainerShop) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shop.get("/api/replenishments?limit=200")["replenishments"]
    return found


def await_deliveries(shop: ContainerShop) -> None:
    """Return when nothing is on order any more."""
    wait_until(
        lambda: all(one["status"] == "received" for one in replenishments(shop)),
        seconds=180,
        what="every order to be received",
    )


def test_who_buys_until_the_shelf_is_empty_finds_it_full_again(shop: ContainerShop) -> None:
    said = [shop.call("POST", "/send", json={"MessageAttributeProductId": BY_HAND}).json() for _ in range(11)]

    assert [one["message"] for one in said] == ["판매완료"] * 10 + ["재고부족, 제품 생산 요청!"]
    wait_until(
        lambda: shop.get(f"/api/products/{BY_HAND}")["on_hand"] == 10, seconds=60, what="the shelf to refill"
    )
    assert [one["status"] for one in replenishments(shop)] == ["received"]


def test_what_is_published_answers_its_browser(shop: ContainerShop) -> None:
    assert shop.call("GET", "/docs").status == 200
    assert shop.call("GET", "/docs", port="FACTORY").status == 200
    for path in ("/redoc/", "/redoc/backend/", "/redoc/factory/", "/redoc/static/redoc.standalone.js"):
        answer = shop.call("GET", path, port="DOCS")
        assert answer.status == 200
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
    assert "/api/purchases" in shop.get("/redoc/backend/openapi.json", port="DOCS")["paths"]


def test_the_dashboard_asks_for_the_password_that_was_made(shop: ContainerShop) -> None:
    (container,) = shop.containers("dashboard")
    password = shop.engine.podman("exec", container, "cat", "/run/secrets/dashboard_password")

    assert len(password) >= 32
    assert shop.call("GET", "/", port="DASHBOARD").status == 401
    signed_in = shop.call("POST", "/login", port="DASHBOARD", fields={"password": password}, **FORM)
    assert signed_in.status == 303
    cookie = signed_in.headers["Set-Cookie"].partition(";")[0]
    assert shop.call("GET", "/", port="DASHBOARD", headers={"Cookie": cookie}).status == 200


@pytest.mark.parametrize("service", ["dashboard", "factory"])
def test_a_container_can_read_no_secret_but_its_own(shop: ContainerShop, service: str) -> None:
    (container,) = shop.containers(service)

    for secret in ("database_url", "callback_secrets"):
        status, _, said = shop.engine.attempt(
            "podman", "exec", container, "cat", f"/run/secrets/{secret}", seconds=30
        )
        assert status
        assert "Permission denied" in said


def test_more_workers_and_backends_order_nothing_twice(shop: ContainerShop) -> None:
    shop.start("backend", options=("--scale", "backend=2"))
    shop.start("worker", options=("--scale", "worker=3"))
    shop.await_health_of("backend", "worker")
    assert (len(shop.containers("backend")), len(shop.containers("worker"))) == (2, 3)

    crowd = Crowd(shop)
    crowd.ended.set()  # each buys its share and no more
    crowd.buy_all()

    await_deliveries(shop)
    assert shop.run_factoauto("reconcile").startswith("every ledger adds up")
    assert_each_was_ordered_once(shop)


def assert_each_was_ordered_once(shop: ContainerShop) -> None:
    orders = shop.get("/api/manufactures?limit=200", port="FACTORY")["orders"]
    produced = Counter(order["idempotency_key"] for order in orders)

    assert produced == Counter(one["id"] for one in replenishments(shop))
    assert all(one["received_quantity"] == one["quantity"] for one in replenishments(shop))


def test_the_gateway_goes_on_with_one_backend_and_finds_the_other_again(shop: ContainerShop) -> None:
    first, second = shop.containers("backend")

    for stopped in (first, second):
        shop.engine.podman("stop", "--time", "5", stopped)
        wait_until(lambda: shop.call("GET", "/readyz").status == 200, seconds=30, what="the other to answer")
        shop.engine.podman("start", stopped)
        wait_until(lambda: shop.is_healthy(stopped), seconds=60, what=f"{stopped} to be back")  # noqa: B023
        wait_until(lambda: count_backends_up(shop) == 2, seconds=60, what="the gateway to find both")


def count_backends_up(shop: ContainerShop) -> int:
    (gateway,) = shop.containers("gateway")
    return len(
        re.findall(
            r"^backends,backend\d+,.*,UP,",
            shop.engine.podman("exec", gateway, "wget", "-q", "-O", "-", "http://127.0.0.1:8404/;csv"),
            re.MULTILINE,
        )
    )


def test_prometheus_scrapes_every_backend_and_knows_each_metric_of_its_rules(shop: ContainerShop) -> None:
    shop.start("prometheus")
    shop.await_health_of("prometheus")
    (container,) = shop.containers("prometheus")

    wait_until(lambda: count_targets_up(shop) == 2, seconds=60, what="both backends to be scraped")

    shop.engine.podman("exec", container, "promtool", "check", "config", "/etc/prometheus/prometheus.yml")
    shop.engine.podman("exec", container, "promtool", "test", "rules", "/etc/prometheus/alerts_test.yml")
    rules = (ROOT / "docker" / "prometheus" / "alerts.yml").read_text(encoding="utf-8")
    exported = shop.call("GET", "/metrics").data.decode()
    assert {name for name in re.findall(r"factoauto_[a-z_]+", rules) if f"{name}" not in exported} == set()


def count_targets_up(shop: ContainerShop) -> int:
    targets = shop.get("/api/v1/targets?state=active", port="PROMETHEUS")["data"]["activeTargets"]
    return sum(1 for one in targets if one["labels"]["job"] == "backend" and one["health"] == "up")


def test_a_database_killed_in_mid_flight_loses_nothing(shop: ContainerShop) -> None:
    before = {sku: units(shop, sku, "sale") for sku in BY_REORDER_POINT}
    crowd = Crowd(shop)
    buying = threading.Thread(target=crowd.buy_all)
    buying.start()
    wait_until(lambda: crowd.answered >= BUYERS * PURCHASES_EACH // 3, seconds=120, what="a third to be bought")

    try:
        killed = shop.kill("database")
        (database,) = shop.containers("database")
        wait_until(
            lambda: shop.inspect(database)["State"]["Pid"] not in (0, killed),
            seconds=60,
            what="the restart policy",
        )
        # Nobody need have noticed: a backend asks again for a while before it gives up.
        in_flight = crowd.answered + BUYERS
        wait_until(lambda: crowd.answered > in_flight, seconds=120, what="the sale to go on")
    finally:
        crowd.ended.set()
        buying.join(timeout=240)
    assert not buying.is_alive()
    assert crowd.answered >= BUYERS * PURCHASES_EACH

    await_deliveries(shop)
    sold = {sku: units(shop, sku, "sale") - before[sku] for sku in BY_REORDER_POINT}
    assert sold == {sku: crowd.answers[sku, 201] for sku in BY_REORDER_POINT}
    assert shop.run_factoauto("reconcile").startswith("every ledger adds up")
    assert_each_was_ordered_once(shop)


def test_what_was_sold_is_still_known_when_the_shop_comes_back(shop: ContainerShop) -> None:
    skus = (BY_HAND, *BY_REORDER_POINT)
    before = {sku: movements(shop, sku) for sku in skus}

    shop.down()
    shop.up()

    assert {sku: movements(shop, sku) for sku in skus} == before


def test_every_container_ends_by_itself_when_it_is_told_to(shop: ContainerShop) -> None:
    for container in [container for service in OWN for container in shop.containers(service)]:
        shop.engine.podman("stop", "--time", "5", container)

        assert shop.inspect(container)["State"]["ExitCode"] != 137, f"{container} was killed after five seconds"


def test_nothing_is_left_running(shop: ContainerShop, engine: Engine) -> None:
    shop.down("--volumes")

    assert engine.podman("ps", "--all", "--quiet") == ""
    assert engine.podman("volume", "ls", "--quiet") == ""
