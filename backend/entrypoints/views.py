"""From what services return to what the API shows."""

from dataclasses import asdict

from backend.domain import original_wire
from backend.domain.alert_message import describe_in_words
from backend.domain.purchase import Purchase
from backend.domain.replenishment import Replenishment, printed_number
from backend.domain.sale import Outcome
from backend.entrypoints import schemas
from backend.services.alerts import AlertReport
from backend.services.dead_letters import DeadLetter
from backend.services.history import SalesHistory
from backend.services.overview import Overview, ProductOverview
from backend.services.report import ProductReport
from backend.services.timeline import Story


def purchase_view(purchase: Purchase) -> schemas.PurchaseView:
    """A purchase as the API shows it, with the original's words."""
    sold = purchase.outcome is Outcome.SOLD
    return schemas.PurchaseView(
        id=purchase.id,
        sku=purchase.sku,
        quantity=purchase.quantity,
        unit_price=purchase.unit_price,
        outcome=purchase.outcome,
        replenishment_id=purchase.replenishment_id,
        message=original_wire.SOLD if sold else original_wire.OUT_OF_STOCK,
        created_at=purchase.created_at,
    )


def product_view(report: ProductReport) -> schemas.ProductView:
    """A product as the API shows it."""
    return schemas.ProductView(
        **asdict(report.product),
        on_order=report.on_order,
        state=report.state,
        sales_per_minute=round(report.sales_per_minute, 2),
    )


def replenishment_view(replenishment: Replenishment) -> schemas.ReplenishmentView:
    """A replenishment as the API shows it, with its number as people say it."""
    return schemas.ReplenishmentView(**asdict(replenishment) | {"number": printed_number(replenishment.number)})


def story_view(story: Story) -> schemas.ReplenishmentStory:
    """A replenishment with its timeline."""
    return schemas.ReplenishmentStory(
        **replenishment_view(story.replenishment).model_dump(),
        timeline=[schemas.StepView.model_validate(step) for step in story.steps],
        deliveries=[schemas.DeliveryView.model_validate(one) for one in story.deliveries],
    )


def overview_view(overview: Overview) -> schemas.OverviewView:
    """The shop at a moment."""
    queue = None
    if overview.queue is not None and overview.dead_letters is not None:
        queue = schemas.DepthView(
            visible=overview.queue.visible,
            in_flight=overview.queue.in_flight,
            dead_letters=overview.dead_letters,
        )
    return schemas.OverviewView(
        at=overview.at,
        minutes=overview.minutes,
        revenue=overview.total.sold_amount,
        sold_quantity=overview.total.sold_quantity,
        lost_quantity=overview.total.lost_quantity,
        lost_amount=overview.total.lost_amount,
        short_products=overview.short_products,
        total_products=len(overview.products),
        open_replenishments=overview.open_replenishments,
        products=[_product_overview_view(one) for one in overview.products],
        queue=queue,
        oldest_seconds=overview.oldest_seconds,
    )


def sales_history_view(history: SalesHistory) -> schemas.SalesHistoryView:
    """How sales went."""
    return schemas.SalesHistoryView(
        since=history.since,
        until=history.until,
        bucket_seconds=history.bucket_seconds,
        series=[
            schemas.SalesSeriesView(
                sku=sku,
                points=[
                    schemas.SalesPointView.model_validate(asdict(point.sales) | {"at": point.at})
                    for point in points
                ],
            )
            for sku, points in history.series.items()
        ],
    )


def dead_letter_view(letter: DeadLetter) -> schemas.DeadLetterView:
    """A dead letter and why it is one."""
    return schemas.DeadLetterView(
        replenishment=replenishment_view(letter.replenishment),
        cause=letter.replenishment.last_error or "",
        attempts=letter.replenishment.attempts,
        payload=schemas.PayloadView.model_validate(letter.message) if letter.message else None,
    )


def alerts_view(report: AlertReport) -> schemas.AlertsView:
    """What is wrong, with words for people."""
    return schemas.AlertsView(
        alerts=[
            schemas.AlertView(**asdict(alert), text=schemas.WordsView(**describe_in_words(alert)))
            for alert in report.alerts
        ],
        undelivered_messages=report.waiting.messages,
    )


def _product_overview_view(one: ProductOverview) -> schemas.ProductOverviewView:
    return schemas.ProductOverviewView(
        **product_view(one.report).model_dump(),
        sold_quantity=one.sales.sold_quantity,
        revenue=one.sales.sold_amount,
        lost_quantity=one.sales.lost_quantity,
        lost_amount=one.sales.lost_amount,
        lead_time_seconds=one.lead_time.total_seconds() if one.lead_time else None,
        open_replenishment_id=one.open_replenishment_id,
        runs_out_in_seconds=None if one.runs_out_in_seconds is None else round(one.runs_out_in_seconds, 1),
    )
