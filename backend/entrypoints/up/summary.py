"""What a newcomer is told when everything is ready: where to look, and the first thing to try."""

import json

from backend.entrypoints.up.programs import local_url
from backend.settings import Settings

FIRST_PURCHASE = {
    "MessageGroupId": "stock-empty-group",
    "subject": "부산도너츠",
    "message": "재고 부족",
    "MessageAttributeProductId": "CP-502101",
    "MessageAttributeFactoryId": "FF-500293",
}
_TEXT = """
FactoAuto is running.

{table}

Buy a donut, and watch the shelf fill itself when it is empty:

  curl -X POST {shop}/send -H 'Content-Type: application/json' \\
    -d '{purchase}'

Ctrl-C stops everything. The data stays in {folder}.
"""


def describe_shop(settings: Settings, *, has_dashboard: bool) -> str:
    """The addresses as a table, the first curl, and how to stop."""
    shop, factory = local_url(settings, settings.backend_port), local_url(settings, settings.factory_port)
    rows = [
        ("shop API", shop),
        ("its documentation", f"{shop}/docs"),
        ("factory", factory),
        ("its documentation", f"{factory}/docs"),
        ("local AWS", local_url(settings, settings.aws_port)),
        ("operator token", _token_place(settings)),
    ]
    if has_dashboard:
        rows.insert(0, ("dashboard", local_url(settings, settings.dashboard_port)))
    return _TEXT.format(
        table=_table(rows),
        shop=shop,
        purchase=json.dumps(FIRST_PURCHASE, ensure_ascii=False),
        folder=settings.var_dir,
    )


def _token_place(settings: Settings) -> str:
    file = settings.var_dir / "operator_token"
    return f"in {file}" if file.exists() else "in FACTOAUTO_OPERATOR_TOKEN"


def _table(rows: list[tuple[str, str]]) -> str:
    width = max(len(label) for label, _ in rows)
    return "\n".join(f"  {label:<{width}}   {value}" for label, value in rows)
