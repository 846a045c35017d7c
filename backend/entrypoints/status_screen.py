"""The shop on one screen."""

from backend.bootstrap import Parts
from backend.domain.alert_message import describe_in_words
from backend.domain.replenishment import Replenishment, printed_number
from backend.services import clock
from backend.services.alerts import AlertReport, get_alert_report
from backend.services.overview import Overview, ProductOverview, get_overview
from backend.services.reconcile import find_drift
from backend.services.report import list_replenishments

MOST_ORDERS = 50
MOST_ALERTS = 20


def draw_status(parts: Parts) -> str:
    """Products, open orders, queues and drift, as text."""
    overview = get_overview(
        database=parts.database,
        queue=parts.queue,
        dead_letter_queue=parts.dead_letter_queue,
        minutes=60,
        clock=clock.now,
    )
    orders = list_replenishments(database=parts.database, before=None, limit=MOST_ORDERS, sku=None, only_open=True)
    drifted = find_drift(database=parts.database)
    return "\n".join(
        [
            f"{'SKU':<12} {'on hand':>8} {'on order':>9} {'reorder':>8} {'sold/h':>7} {'lost/h':>7}  state",
            *(_product_line(one) for one in overview.products),
            "",
            *([_order_line(one) for one in orders] or ["no open orders"]),
            "",
            _queue_line(overview),
            f"drift: {', '.join(one.sku for one in drifted)}; see `factoauto reconcile`"
            if drifted
            else "drift: none",
            *_alert_lines(get_alert_report(database=parts.database)),
        ]
    )


def _product_line(one: ProductOverview) -> str:
    product = one.report.product
    reorder_point = "-" if product.reorder_point is None else product.reorder_point
    return (
        f"{product.sku:<12} {product.on_hand:>8} {one.report.on_order:>9} {reorder_point:>8} "
        f"{one.sales.sold_quantity:>7} {one.sales.lost_quantity:>7}  {one.report.state}"
    )


def _order_line(order: Replenishment) -> str:
    dead = " DEAD LETTER" if order.dead_lettered_at else ""
    error = f"  {order.last_error}" if order.last_error else ""
    return f"{printed_number(order.number)} {order.sku} × {order.quantity} {order.status}{dead}{error}"


def _queue_line(overview: Overview) -> str:
    if overview.queue is None:
        return "queue: not reached"
    return (
        f"queue: {overview.queue.visible} waiting, {overview.queue.in_flight} in flight, "
        f"{overview.dead_letters} dead letters"
    )


def _alert_lines(report: AlertReport) -> list[str]:
    shown = [
        f"alert since {one.raised_at:%Y-%m-%d %H:%M} UTC: {describe_in_words(one)['en']}"
        for one in report.alerts[:MOST_ALERTS]
    ]
    if more := len(report.alerts) - len(shown):
        shown.append(f"and {more} more alerts")
    if report.waiting.messages:
        shown.append(f"alerts not delivered: {report.waiting.messages}, {report.waiting.last_error or 'sending'}")
    return shown or ["alerts: none"]
