"""The simulator's API: the switches, for operators only."""

from __future__ import annotations

import structlog
from flask import Blueprint, Response, request

from factory_mock.answers import answer
from factory_mock.bodies import JSON, fields_of
from factory_mock.fault_panel import FaultPanel
from factory_mock.faults import Faults
from factory_mock.operators import Operators

_log = structlog.get_logger("factory_mock")


def fault_routes(panel: FaultPanel, operators: Operators) -> Blueprint:
    """Return the routes that show and set the switches."""
    routes = Blueprint("faults", __name__)

    def _operator() -> str:
        return operators.identify(
            authorization=request.headers.get("Authorization"), client=request.remote_addr or ""
        )

    @routes.get("/faults")
    def show_faults() -> Response:
        _operator()
        return answer(panel.read().model_dump())

    @routes.put("/faults")
    def set_faults() -> Response:
        operator = _operator()
        faults = Faults.model_validate(fields_of(request, accepted=(JSON,)))
        panel.switch(faults)
        switched_on = faults.model_dump(exclude_none=True)
        _log.warning("faults_switched", operator=operator, faults=switched_on)
        return answer(faults.model_dump())

    return routes
