"""What the document promises is given, and what is given it promises."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from backend.store.migrate import upgrade
from backend.store.products import change_product
from tests.api.calls import Call, Everything, operations
from tests.api.checked_client import CheckedClient, Produced
from tests.api.shop import FACTORY_ID, JSON, Shop, bearer
from tests.factory_mock.process import FactoryProcess

UNKNOWN_ID = "00000000-0000-7000-8000-000000000000"


@pytest.fixture(scope="module")
def everything(
    make_shop: Callable[..., Shop],
    broken_shop: Shop,
    aws: Callable[[], dict[str, str]],
    factory: FactoryProcess,
    tmp_path_factory: pytest.TempPathFactory,
) -> Everything:
    url = f"sqlite:///{tmp_path_factory.mktemp('document') / 'shop.db'}"
    upgrade(database_url=url)
    return Everything(
        shop=make_shop(url, **aws(), simulator=True, factory_url=factory.url),
        broken=broken_shop,
        off=make_shop(url),
        unreached=make_shop(url, simulator=True, factory_url="http://127.0.0.1:9"),
    )


def test_what_is_documented_is_given_and_what_is_given_is_documented(
    everything: Everything, published: JSON
) -> None:
    """The client has looked at each answer already: status, media type, headers and body are as documented."""
    shop = everything.shop
    calls = everything.calls()

    for call in calls:
        response = call.send(shop.client)
        assert response.status_code < 300, (call.method, call.path, response.text)
    spoil_bodies(shop.client, calls)
    spoil_parameters(shop, calls)
    spoil_tokens(shop.client, calls)
    contradict(everything)
    unreachable = break_everything(everything, calls)

    given = shop.client.produced | everything.off.client.produced | unreachable
    documented: set[Produced] = {
        (method.upper(), path, status, media_type)
        for path, method, operation in operations(published)
        for status, response in operation["responses"].items()
        for media_type in response["content"]
    }
    assert documented - given == set()
    assert given - documented == set()


def spoil_bodies(client: CheckedClient, calls: list[Call]) -> None:
    for call in calls:
        long = b'"' + b"x" * (9 * 1024 * 1024 if call.data else 70_000) + b'"'
        if call.has_json:
            as_json = "application/json"
            assert call.send(client, data=b"{", content_type=as_json).status_code == 400
            assert call.send(client, data=long, content_type=as_json).status_code == 413
            assert call.send(client, data=b"{}", content_type="text/plain").status_code == 415
            wrong = b'{"MessageAttributeProductId": 5, "colour": "pink"}'
            assert call.send(client, data=wrong, content_type=as_json).status_code == 422
        if call.data is not None:
            assert call.send(client, data=long, content_type="text/csv").status_code == 413
            assert call.send(client, data=b"x", content_type="text/plain").status_code == 415
            assert call.send(client, data=b"x", content_type="text/csv").status_code == 422


def spoil_parameters(shop: Shop, calls: list[Call]) -> None:
    wrong = {"limit": "x", "minutes": "x", "points": "x", "cursor": "%"}
    for call in calls:
        if call.method == "GET":
            shop.client.get(call.path, query_string=wrong)
    for path in ("/api/products/-", "/api/purchases/x", "/api/replenishments/x"):
        assert shop.client.get(path).status_code == 422
    assert shop.operate("POST", "/api/replenishments/x/cancel").status_code == 422
    for path in ("/api/products", f"{next(one.path for one in calls if one.path.endswith('/movements'))}"):
        assert shop.client.get(path, headers={"Accept": "text/csv"}).mimetype == "text/csv"


def spoil_tokens(client: CheckedClient, calls: list[Call]) -> None:
    guesser = {"REMOTE_ADDR": "10.3.3.3"}
    for call in calls:
        if call.is_operator_s:
            assert call.send(client, headers={}).status_code == 401
    for _ in range(10):
        client.post("/api/products", headers=bearer("wrong"), environ_overrides=guesser)
    for call in calls:
        if call.is_operator_s:
            assert call.send(client, environ_overrides=guesser).status_code == 429
    callback = next(call for call in calls if call.path.startswith("/callbacks"))
    assert client.post(callback.path.partition("?")[0], json=callback.json).status_code == 401


def contradict(everything: Everything) -> None:
    """Ask for what is not there, or not possible now."""
    shop = everything.shop
    for path in ("/api/products/NONE", "/api/products/NONE/movements", f"/api/purchases/{UNKNOWN_ID}"):
        assert shop.client.get(path).status_code == 404
    assert shop.client.get(f"/api/replenishments/{UNKNOWN_ID}").status_code == 404
    for path in ("/api/stock-history", "/api/sales-history"):
        assert shop.client.get(path, query_string={"sku": "NONE"}).status_code == 404
    assert shop.client.post("/send", json={"MessageAttributeProductId": "NONE"}).status_code == 404
    assert shop.buy("NONE").status_code == 404
    assert shop.operate("PATCH", "/api/products/NONE", {}).status_code == 404
    assert shop.operate("POST", "/api/products/NONE/restock", {}).status_code == 404
    assert shop.operate("POST", f"/api/replenishments/{UNKNOWN_ID}/cancel").status_code == 404
    assert shop.deliver(UNKNOWN_ID, 1).status_code == 404
    for path, body in (("adjustments", {"quantity": -1, "reason": "x"}), ("returns", {"quantity": 1})):
        assert shop.operate("POST", f"/api/products/NONE/{path}", body).status_code == 404
    sku, order = everything.short()
    assert shop.operate("POST", f"/api/products/{sku}/restock", {}).status_code == 200
    adjustment = {"quantity": -1, "reason": "x"}
    assert shop.operate("POST", f"/api/products/{sku}/adjustments", adjustment).status_code == 409
    fill_the_shelf(shop, sku)
    assert shop.operate("POST", f"/api/products/{sku}/returns", {"quantity": 1}).status_code == 409
    same = {"sku": sku, "name": "가", "name_en": "a", "price": 1, "factory_id": FACTORY_ID}
    assert shop.operate("POST", "/api/products", same).status_code == 409
    assert shop.operate("POST", f"/api/replenishments/{order}/cancel").status_code == 200
    assert shop.operate("POST", f"/api/replenishments/{order}/cancel").status_code == 409
    assert shop.deliver(order, 1).status_code == 409
    for method in ("GET", "PUT"):
        assert everything.off.operate(method, "/api/simulator/faults", {}).status_code == 404


def fill_the_shelf(shop: Shop, sku: str) -> None:
    with shop.parts.database.unit_of_work() as transaction:
        change_product(transaction, sku, {"on_hand": 1_000_000_000})
        transaction.commit()


def break_everything(everything: Everything, calls: list[Call]) -> set[Produced]:
    """Send each call to a shop whose database, queue or factory is gone."""
    broken = [call for call in calls if call.path not in ("/status", "/healthz")]

    def send(call: Call) -> set[Produced]:
        is_simulator = call.path.startswith("/api/simulator")
        shop = everything.unreached if is_simulator else everything.broken
        client = shop.another_client()
        response = call.send(client)
        assert response.status_code == 503, (call.method, call.path, response.text)
        return client.produced

    with ThreadPoolExecutor(8) as threads:
        return set().union(*threads.map(send, broken))
