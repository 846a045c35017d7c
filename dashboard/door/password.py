"""The password: nothing of the dashboard reaches whoever has not given it, neither a page nor a websocket."""

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, quote, urlencode

from starlette.datastructures import URL
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.door.login_page import login_page
from dashboard.door.pass_cookie import COOKIE, SECONDS_VALID, PassCookie

OPEN_PATHS = ("/_stcore/health",)
"""what a load balancer asks"""
LOGIN = "/login"
MOST_BYTES = 4_096
WRONG_PAUSE_SECONDS = 1.0
MOST_WAITING = 8
"""attempts that may wait for their turn; those after them are sent away"""

Sleep = Callable[[float], Awaitable[None]]


class PasswordDoor:
    """ASGI middleware that asks for the password once and then knows the browser by a signed cookie.

    Attempts are judged one at a time, and a wrong one costs a second, whoever makes it: so guessing is slow,
    however many guess at once.
    """

    def __init__(self, app: ASGIApp, *, password: str, sleep: Sleep = asyncio.sleep) -> None:
        """Guard ``app``; an empty password guards nothing."""
        self._app = app
        self._cookie = PassCookie(password) if password else None
        self._sleep = sleep
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it pass, or ask for the password."""
        guarded = self._cookie and scope["type"] in ("http", "websocket") and scope["path"] not in OPEN_PATHS
        if not self._cookie or not guarded:
            await self._app(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == LOGIN:
            request = Request(scope, receive)
            answer = await self._login(request, self._cookie) if request.method == "POST" else self._ask(request)
            await answer(scope, receive, send)
        elif self._cookie.is_valid(HTTPConnection(scope).cookies.get(COOKIE, "")):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._send_away(Request(scope))(scope, receive, send)

    def _send_away(self, request: Request) -> Response:
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            query = {"next": wanted, "lang": request.query_params.get("lang", "")}
            return RedirectResponse(f"{LOGIN}?{urlencode(query)}", status_code=303)
        return PlainTextResponse("password required\n", status_code=401)

    def _ask(self, request: Request, *, problem: str = "", status: int = 200) -> Response:
        page = login_page(
            asked=request.query_params.get("lang"),
            preferred=request.headers.get("accept-language", ""),
            query=request.url.query,
            problem=problem,
        )
        return HTMLResponse(page, status_code=status, headers={"Cache-Control": "no-store"})

    async def _login(self, request: Request, cookie: PassCookie) -> Response:
        if self._waiting >= MOST_WAITING:
            return self._ask(request, problem="login_busy", status=429)
        given = await _given_password(request)
        self._waiting += 1
        try:
            async with self._turn:
                if not cookie.is_password(given):
                    await self._sleep(WRONG_PAUSE_SECONDS)
                    return self._ask(request, problem="login_wrong", status=401)
        finally:
            self._waiting -= 1
        answer = RedirectResponse(_local(request.query_params.get("next", "/")), status_code=303)
        secure = request.headers.get("x-forwarded-proto", request.url.scheme) == "https"
        answer.set_cookie(
            COOKIE, cookie.issue(), max_age=SECONDS_VALID, httponly=True, samesite="lax", secure=secure, path="/"
        )
        return answer


async def _given_password(request: Request) -> str:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return ""
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return fields.get("password", [""])[0]


def _local(target: str) -> str:
    """The path of this server that was wanted; the first page when it is another server's."""
    url = URL(target)
    if url.scheme or url.netloc or not target.startswith("/") or target.startswith(("//", "/\\")):
        return "/"
    return quote(target, safe="/?&=%-_.~")
