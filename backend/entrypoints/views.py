"""From what services return to what the API shows."""

from dataclasses import asdict

from backend.domain.replenishment import Replenishment, printed_number
from backend.entrypoints.schemas import ProductView, ReplenishmentView
from backend.services.report import ProductReport


def product_view(report: ProductReport) -> ProductView:
    """A product as the API shows it."""
    return ProductView(
        **asdict(report.product),
        on_order=report.on_order,
        state=report.state,
        sales_per_minute=report.sales_per_minute,
    )


def replenishment_view(replenishment: Replenishment) -> ReplenishmentView:
    """A replenishment as the API shows it, with its number as people say it."""
    return ReplenishmentView(**asdict(replenishment) | {"number": printed_number(replenishment.number)})
