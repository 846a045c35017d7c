"""Requests to an ASGI application in this process: any path, any header, any method, and what came of it."""

import asyncio
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import unquote

Message = MutableMapping[str, Any]


class Visit:
    """What came of one request."""

    def __init__(self, messages: list[Message]) -> None:
        self.first = messages[0]
        self.status = messages[0].get("status")
        self.headers = {name.decode(): value.decode() for name, value in messages[0].get("headers", [])}
        self.text = b"".join(message.get("body", b"") for message in messages).decode()


async def arrive(app: Any, path: str, *, query: str = "", body: bytes = b"", **headers: str) -> Visit:
    """One request and its answer, beside others."""
    kind = headers.pop("kind", "http")
    scope = {
        "type": kind,
        "method": "POST" if body else "GET",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "root_path": "",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": f"{kind}.request" if kind == "http" else "websocket.connect", "body": body}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return Visit(sent)


def visit(app: Any, path: str = "/", **more: Any) -> Visit:
    """One request and its answer."""
    return asyncio.run(arrive(app, path, **more))
