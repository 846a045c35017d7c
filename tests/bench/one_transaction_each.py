"""A baseline: the shop itself, but for group commit: every request sells alone, in the thread that serves it."""

from flask import Flask

from backend.domain.sale import PurchaseRequest
from backend.entrypoints import serve
from backend.entrypoints.current import EXTENSION, GROUP_COMMIT
from backend.services import clock
from backend.services.purchase import Answer, sell

_load_app = serve.load_app


class SellAlone:
    """Has the face of ``GroupCommit`` and makes no groups."""

    def __init__(self, app: Flask) -> None:
        self._parts = app.extensions[EXTENSION]

    def buy(self, request: PurchaseRequest) -> Answer:
        """Sell to one customer, in one transaction."""
        parts = self._parts
        [answer] = sell(database=parts.database, requests=[request], shop=parts.shop, clock=clock.now)
        return answer


def load_app() -> Flask:
    """The shop's app, which sells one by one."""
    app = _load_app()
    app.extensions[GROUP_COMMIT] = SellAlone(app)
    return app


def main() -> None:
    """Serve it as the shop is served."""
    serve.load_app = load_app
    serve.main()


if __name__ == "__main__":
    main()
