"""The shop's counts as Prometheus text."""

from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from backend.services.metrics import LEAD_TIME_BUCKETS, Metrics

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class ShopCollector(Collector):
    """One scrape's worth of metrics."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        """Every metric family."""
        yield from self._by_product()
        yield from self._of_queues()
        yield _gauge(
            "factoauto_open_replenishments",
            "Orders neither received nor cancelled",
            self._metrics.open_replenishments,
        )
        yield self._lead_times()

    def _by_product(self) -> Iterator[Metric]:
        purchases = CounterMetricFamily("factoauto_purchases", "Purchases", labels=("sku", "outcome"))
        units = CounterMetricFamily("factoauto_sold_units", "Units sold", labels=("sku",))
        lost = CounterMetricFamily("factoauto_lost_units", "Units of refused purchases", labels=("sku",))
        for sku, sales in sorted(self._metrics.sales.items()):
            purchases.add_metric((sku, "sold"), sales.sold_purchases)
            purchases.add_metric((sku, "out_of_stock"), sales.refused_purchases)
            units.add_metric((sku,), sales.sold_quantity)
            lost.add_metric((sku,), sales.lost_quantity)
        on_hand = GaugeMetricFamily("factoauto_on_hand_units", "Units on the shelf", labels=("sku",))
        for product in self._metrics.products:
            on_hand.add_metric((product.sku,), product.on_hand)
        yield from (purchases, units, lost, on_hand)

    def _of_queues(self) -> Iterator[Metric]:
        metrics = self._metrics
        if metrics.queue is not None:
            yield _gauge("factoauto_queue_visible_messages", "Messages waiting", metrics.queue.visible)
            yield _gauge("factoauto_queue_in_flight_messages", "Messages being handled", metrics.queue.in_flight)
        if metrics.dead_letters is not None:
            yield _gauge("factoauto_dead_letters", "Messages given up", metrics.dead_letters)
        yield _gauge("factoauto_outbox_messages", "Messages not yet published", metrics.outbox.waiting)
        yield _gauge(
            "factoauto_outbox_lag_seconds", "Age of the oldest not yet published", metrics.outbox_lag_seconds
        )

    def _lead_times(self) -> Metric:
        times = self._metrics.lead_times
        bounds = zip((str(float(bound)) for bound in LEAD_TIME_BUCKETS), times.up_to, strict=True)
        return HistogramMetricFamily(
            "factoauto_restock_lead_time_seconds",
            "From request to receipt",
            buckets=[*bounds, ("+Inf", times.count)],
            sum_value=times.sum_seconds,
        )


def prometheus_text(metrics: Metrics) -> bytes:
    """The text that Prometheus scrapes."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(ShopCollector(metrics))
    return generate_latest(registry)


def _gauge(name: str, documentation: str, value: float) -> Metric:
    return GaugeMetricFamily(name, documentation, value=value)
