"""Who may do an operator's work: the bearer of a token (RFC 6750)."""

import hmac

from flask import Response, g, request

from backend.entrypoints.current import current_parts
from backend.entrypoints.problems import problem_response

SECURITY: list[dict[str, list[str]]] = [{"operator": []}]


def require_operator() -> Response | None:
    """Let the request pass and remember its actor, or answer 401."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    operators = current_parts().settings.operators()
    given = token.strip().encode("utf-8", "surrogateescape")
    actors = [actor for known, actor in operators.items() if hmac.compare_digest(known.encode(), given)]
    if scheme.lower() == "bearer" and actors:
        g.actor = actors[0]
        return None
    detail = (
        "send Authorization: Bearer <operator token>"
        if operators
        else "no operator token is configured; see FACTOAUTO_OPERATOR_TOKEN"
    )
    response = problem_response(status=401, kind="unauthorized", title="Unauthorized", detail=detail)
    response.headers["WWW-Authenticate"] = 'Bearer realm="operator"'
    return response


def current_actor() -> str:
    """The operator of this request."""
    return str(g.actor)
