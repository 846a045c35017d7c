"""What is wrong, as the API shows it."""

from datetime import timedelta

from backend.domain.alert import AlertPace
from backend.services import clock
from backend.services.watch import watch
from tests.api.shop import Shop


def _look(shop: Shop) -> None:
    watch(
        database=shop.parts.database,
        clock=clock.now,
        pace=AlertPace(quiet=timedelta(0), gather=timedelta(0), drift_every=timedelta(0)),
        patience=shop.parts.patience,
    )


def test_what_is_wrong_is_listed_until_it_is_over(fresh_shop: Shop) -> None:
    sku = fresh_shop.open_product(on_hand=0)
    _look(fresh_shop)

    [alert] = fresh_shop.get("/api/alerts")["alerts"]
    assert (alert["kind"], alert["subject"], alert["sku"]) == ("out_of_stock", sku, sku)
    assert alert["text"] == {"ko": f"{sku}: 재고가 떨어졌습니다", "en": f"{sku} is out of stock"}

    order = fresh_shop.run_short(sku, 10)["replenishment_id"]
    fresh_shop.deliver(str(order), 10)
    _look(fresh_shop)

    assert fresh_shop.get("/api/alerts") == {"alerts": [], "undelivered_messages": 0}
