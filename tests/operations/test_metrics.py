"""``/metrics`` counts what is in the database, the same in every process."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from backend.bootstrap import Parts
from backend.entrypoints.app import create_app
from backend.settings import load
from tests.operations.conftest import Run

Samples = dict[tuple[str, ...], float]


@pytest.fixture
def parts(run: Run, demo_shop: None) -> Iterator[Parts]:
    made = Parts(load())
    yield made
    made.database.dispose()


def buy(client: FlaskClient, sku: str, quantity: int) -> int:
    return client.post("/api/purchases", json={"sku": sku, "quantity": quantity}).status_code


def scrape(client: FlaskClient) -> Samples:
    """Name and labels, in order, to value."""
    answer = client.get("/metrics")
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_purchases_stock_and_lost_sales_are_counted_by_product(parts: Parts) -> None:
    client = create_app(parts).test_client()
    assert [buy(client, "CP-502101", quantity) for quantity in (4, 5, 3, 2)] == [201, 201, 409, 409]

    samples = scrape(client)

    assert samples["factoauto_purchases_total", "sold", "CP-502101"] == 2
    assert samples["factoauto_purchases_total", "out_of_stock", "CP-502101"] == 2
    assert samples["factoauto_sold_units_total", "CP-502101"] == 9
    assert samples["factoauto_lost_units_total", "CP-502101"] == 5
    assert samples["factoauto_on_hand_units", "CP-502101"] == 1
    assert samples["factoauto_on_hand_units", "CP-502105"] == 50
    assert samples["factoauto_open_replenishments",] == 1
    assert samples["factoauto_outbox_messages",] == 1
    assert samples["factoauto_outbox_lag_seconds",] > 0


def test_every_process_gives_the_same_counts_and_none_counts_twice(parts: Parts) -> None:
    one, other = create_app(parts).test_client(), create_app(parts).test_client()
    buy(one, "CP-502102", 2)
    scrape(one)
    buy(other, "CP-502102", 3)

    seen_by_one, seen_by_other, seen_again = scrape(one), scrape(other), scrape(one)

    assert seen_by_one["factoauto_sold_units_total", "CP-502102"] == 5
    assert seen_by_other["factoauto_sold_units_total", "CP-502102"] == 5
    assert seen_again["factoauto_sold_units_total", "CP-502102"] == 5


def test_without_sqs_the_shop_is_counted_and_the_queues_are_left_out(parts: Parts) -> None:
    samples = scrape(create_app(parts).test_client())

    assert ("factoauto_on_hand_units", "CP-502101") in samples
    assert ("factoauto_queue_visible_messages",) not in samples
    assert ("factoauto_dead_letters",) not in samples


def test_lead_times_are_a_histogram_of_what_was_received(parts: Parts) -> None:
    client = create_app(parts).test_client()
    buy(client, "CP-502101", 11)
    [order] = client.get("/api/replenishments").json["replenishments"]  # type: ignore[index]
    received = client.post(
        f"/callbacks/replenishments/{order['id']}",
        query_string={"signature": _signature(parts, order["id"])},
        json={"MessageAttributeProductCnt": order["quantity"]},
    )
    assert received.status_code == 200

    samples = scrape(client)

    assert samples["factoauto_restock_lead_time_seconds_count",] == 1
    assert samples["factoauto_restock_lead_time_seconds_bucket", "86400.0"] == 1
    assert samples["factoauto_restock_lead_time_seconds_bucket", "+Inf"] == 1


def _signature(parts: Parts, replenishment_id: str) -> str:
    from backend.domain.signature import sign

    return sign(replenishment_id=replenishment_id, secrets=parts.settings.callback_secrets)
