"""The headers that every answer carries, whoever made it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Server", "factoauto"),  # or the server would add its own name
)
UNLESS_SAID = (("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),)
UNLESS_SAID_OF_JSON = (*UNLESS_SAID, ("Cache-Control", "no-store"))
JSON_TYPES = ("application/json", "application/problem+json")


class SecurityHeaders:
    """WSGI middleware. Where Flask writes headers it reads all of them three times; here nobody does."""

    def __init__(self, app: "WSGIApplication") -> None:
        """Let ``app`` answer."""
        self._app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Hand on the request, and add to its answer what it lacks."""

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            said = {name.lower(): value for name, value in headers}
            is_json = said.get("content-type") in JSON_TYPES
            further = [
                one for one in (UNLESS_SAID_OF_JSON if is_json else UNLESS_SAID) if one[0].lower() not in said
            ]
            return start_response(status, [*headers, *ALWAYS, *further], *error)

        return self._app(environ, start)
