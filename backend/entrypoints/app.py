"""The Flask app: every call of the API, and its document."""

from flask_openapi.models.info import Info

from backend import settings
from backend.bootstrap import Parts
from backend.entrypoints import docs_page
from backend.entrypoints.api_document import DocumentedApp
from backend.entrypoints.blueprints import (
    alerts,
    callbacks,
    operations,
    original,
    product_work,
    products,
    purchases,
    queues,
    replenishments,
    reports,
    simulator,
)
from backend.entrypoints.current import EXTENSION, GROUP_COMMIT
from backend.entrypoints.group_commit import GroupCommit
from backend.entrypoints.json_requests import JsonRequest, OrjsonProvider, read_what_is_left
from backend.entrypoints.logs import configure_logs
from backend.entrypoints.operators import FailedAttempts
from backend.entrypoints.problems import Problem, install_problem_handlers, validation_problem
from backend.entrypoints.security_headers import SecurityHeaders
from backend.services import clock
from backend.services.metrics import SalesTotals
from backend.services.purchase import sell

SQLITE_PAUSE_SECONDS = 0.001
"""SQLite gives its lock to whoever asks at the right moment: without a pause the worker would never be that."""
INFO = Info(
    title="FactoAuto",
    version="1.0.0",
    description=(
        "가게의 재고가 떨어지면 공장에 주문하고, 공장이 생산해 콜백하면 재고를 채웁니다.\n\n"
        "Sells; orders from the factory what runs short; takes in what the factory delivers."
    ),
)
BLUEPRINTS = (
    original.blueprint,
    purchases.blueprint,
    products.blueprint,
    product_work.blueprint,
    replenishments.blueprint,
    replenishments.operator_blueprint,
    queues.blueprint,
    queues.operator_blueprint,
    reports.blueprint,
    alerts.blueprint,
    callbacks.blueprint,
    operations.blueprint,
    simulator.blueprint,
)


def create_app(parts: Parts | None = None) -> DocumentedApp:
    """The app, from the environment's settings or from parts that were made before.

    Raises:
        WrongSettings: a setting is missing or wrong.
    """
    parts = parts or Parts(settings.load())
    settings.require_callback_secrets(parts.settings)
    configure_logs(level=parts.settings.log_level)
    app = DocumentedApp(
        __name__,
        info=INFO,
        doc_ui=False,
        security_schemes={"operator": {"type": "http", "scheme": "bearer"}},
        validation_error_callback=validation_problem,
        validation_error_model=Problem,
    )
    app.url_map.merge_slashes = False  # a // is no call, rather than a redirect that nobody documents
    app.request_class = JsonRequest
    app.json = OrjsonProvider(app)
    app.extensions[EXTENSION] = parts
    app.extensions[GROUP_COMMIT] = _make_group_commit(parts)
    app.extensions["failed_attempts"] = FailedAttempts()
    app.extensions["sales_totals"] = SalesTotals()
    install_problem_handlers(app)
    for blueprint in BLUEPRINTS:
        app.register_api(blueprint)
    app.register_blueprint(docs_page.blueprint)
    app.after_request(read_what_is_left)
    app.wsgi_app = SecurityHeaders(app.wsgi_app)  # type: ignore[method-assign]
    return app


def _make_group_commit(parts: Parts) -> GroupCommit:
    is_sqlite = parts.settings.database_url.startswith("sqlite")
    return GroupCommit(
        sell=lambda requests: sell(database=parts.database, requests=requests, shop=parts.shop, clock=clock.now),
        pause_seconds=SQLITE_PAUSE_SECONDS if is_sqlite else 0,
    )
