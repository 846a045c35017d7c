"""Who may do an operator's work: the bearer of a token (RFC 6750)."""

import hmac

from flask import Response, current_app, g, request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from backend.entrypoints.current import current_parts
from backend.entrypoints.problems import problem_response
from backend.entrypoints.purchasing import hash_request, read_idempotency_key
from backend.services.operator_record import Operator

SECURITY: list[dict[str, list[str]]] = [{"operator": []}]
FAILURES = RateLimitItemPerMinute(10)
"""Wrong tokens that a client may send in a minute before it has to wait; counted by each process."""
BLOCKED_SECONDS = 60


class FailedAttempts:
    """The clients that sent wrong tokens lately."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def is_blocked(self, client: str) -> bool:
        """Whether this client has to wait."""
        return not self._limiter.test(FAILURES, client)

    def note(self, client: str) -> None:
        """Count a wrong token."""
        self._limiter.hit(FAILURES, client)


def require_operator() -> Response | None:
    """Let the request pass and remember its actor, or answer 401, or 429 after too many wrong tokens."""
    failed: FailedAttempts = current_app.extensions["failed_attempts"]
    client = request.remote_addr or ""
    if failed.is_blocked(client):
        return _too_many()
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    operators = current_parts().settings.operators()
    given = token.strip().encode("utf-8", "surrogateescape")
    actors = [actor for known, actor in operators.items() if hmac.compare_digest(known.encode(), given)]
    if scheme.lower() == "bearer" and actors:
        g.actor = actors[0]
        return None
    if token:
        failed.note(client)
    return _unauthorized(is_configured=bool(operators))


def current_operator() -> Operator:
    """The operator of this request. A key that he sends along means nothing: what he does needs none."""
    return Operator(actor=str(g.actor))


def keyed_operator(*body: object) -> Operator:
    """The operator of this request, and the key under which a repeat with the same body is the same deed."""
    key = read_idempotency_key()
    return Operator(
        actor=str(g.actor),
        idempotency_key=key,
        request_hash=hash_request(request.path, *body) if key else None,
    )


def _unauthorized(*, is_configured: bool) -> Response:
    detail = (
        "send Authorization: Bearer <operator token>"
        if is_configured
        else "no operator token is configured; see FACTOAUTO_OPERATOR_TOKEN"
    )
    response = problem_response(status=401, kind="unauthorized", title="Unauthorized", detail=detail)
    response.headers["WWW-Authenticate"] = 'Bearer realm="operator"'
    return response


def _too_many() -> Response:
    response = problem_response(
        status=429,
        kind="too-many-attempts",
        title="Too many attempts",
        detail="too many wrong operator tokens came from this address",
    )
    response.headers["Retry-After"] = str(BLOCKED_SECONDS)
    return response
