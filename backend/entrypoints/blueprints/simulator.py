"""The simulator: faults of the factory mock, for trying out a bad day. Only where FACTOAUTO_SIMULATOR=1."""

from typing import Any

from flask import Response, abort, current_app
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag
from pydantic import ConfigDict, Field, RootModel

from backend.adapters.simulator import Simulator
from backend.entrypoints.current import current_parts
from backend.entrypoints.operators import SECURITY, require_operator
from backend.entrypoints.problems import problem_response
from backend.entrypoints.responses import BAD_BODY, UNAUTHORIZED, UNAVAILABLE, Answers, problem

blueprint = APIBlueprint(
    "simulator",
    __name__,
    url_prefix="/api/simulator",
    abp_tags=[Tag(name="simulator", description="시뮬레이터 · faults of the factory mock")],
    abp_security=SECURITY,
)
blueprint.before_request(require_operator)
OFF: Answers = {"404": problem("the simulator is off")}


class FaultsView(RootModel[dict[str, Any]]):
    """The factory mock's switches: see `/faults` of its document. A switch that is null is off."""

    model_config = ConfigDict(title="FaultsView")
    root: dict[str, Any] = Field(examples=[{"refuse": {"status": 503, "times": 4}}])


@blueprint.get(
    "/faults",
    summary="고장 스위치 · Fault switches",
    responses={"200": FaultsView, **UNAUTHORIZED, **OFF, "503": UNAVAILABLE},
)
def get_faults() -> Response:
    """Show the factory mock's fault switches."""
    return _json(_simulator().get_faults())


@blueprint.put(
    "/faults",
    summary="고장 내기 · Set fault switches",
    responses={"200": FaultsView, **UNAUTHORIZED, **OFF, **BAD_BODY, "503": UNAVAILABLE},
)
def set_faults(body: FaultsView) -> Response:
    """Set every switch; those that are left out are off."""
    return _json(_simulator().set_faults(body.root))


def _simulator() -> Simulator:
    settings = current_parts().settings
    if not settings.simulator:
        off = problem_response(status=404, kind="simulator-off", title="The simulator is off")
        abort(off)
    return Simulator(url=settings.factory_url, token=next(iter(settings.operators())))


def _json(faults: dict[str, Any]) -> Response:
    return Response(current_app.json.dumps(faults), mimetype="application/json")
