"""What is wrong now, for those who have no webhook or do not trust it."""

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag

from backend.entrypoints import schemas
from backend.entrypoints.current import current_parts
from backend.entrypoints.responses import UNAVAILABLE, json_response
from backend.entrypoints.views import alerts_view
from backend.services.alerts import get_alert_report

blueprint = APIBlueprint(
    "alerts",
    __name__,
    url_prefix="/api/alerts",
    abp_tags=[Tag(name="alerts", description="경보 · what somebody has to look at")],
)


@blueprint.get("", summary="경보 · What is wrong", responses={"200": schemas.AlertsView, "503": UNAVAILABLE})
def alerts() -> Response:
    """List every alert that holds, oldest first, and how many webhook messages wait to be delivered."""
    return json_response(alerts_view(get_alert_report(database=current_parts().database)))
