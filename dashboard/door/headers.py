"""Headers of every answer: a browser that shows the dashboard asks no other machine for anything."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class StayAtHome:
    """ASGI middleware that forbids the browser to fetch from, or be framed by, anybody else.

    Nor may the page of anybody else open the websocket.
    """

    def __init__(self, app: ASGIApp, *, frames: tuple[str, ...]) -> None:
        """Let the pages show documents of these servers in frames."""
        self._app = app
        self._headers = {
            "Content-Security-Policy": content_security_policy(frames=frames),
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to what the application answers."""
        if scope["type"] == "websocket" and not _is_of_the_same_origin(Headers(scope=scope)):
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _is_of_the_same_origin(headers: Headers) -> bool:
    """Whether a page of this server asks, or a program that is no browser."""
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


def content_security_policy(*, frames: tuple[str, ...]) -> str:
    """The policy. Streamlit's page needs inline styles, and components are modules from ``blob:`` URLs."""
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' blob:",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            " ".join(("frame-src 'self'", *map(_origin, frames))),
            "frame-ancestors 'self'",
            "base-uri 'self'",
            "object-src 'none'",
        )
    )


def _origin(url: str) -> str:
    """Scheme and host: a policy that names a path lets nothing but that one file through."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
