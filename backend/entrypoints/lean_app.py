"""Flask without what it does for every request and this API never asks for."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Request
from flask.sessions import NullSession, SecureCookieSessionInterface
from flask_openapi.openapi import OpenAPI
from werkzeug.routing import MapAdapter


class NoSessions(SecureCookieSessionInterface):
    """Nobody has a session here, so that none is looked for in cookies."""

    _none = NullSession()

    def open_session(self, app: Flask, request: Request) -> NullSession:
        """The session of nobody."""
        return self._none


class LeanApp(OpenAPI):
    """An app of one host, whose functions are all plain ones, and whose visitors have no session."""

    session_interface = NoSessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself: Flask would ask each of them, each time, whether it is a coroutine."""
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """What finds a request's function by its path: the request has read that already."""
        if request is None:
            return super().create_url_adapter(None)
        return self.url_map.bind(
            request.host,
            script_name=request.root_path,
            url_scheme=request.scheme,
            default_method=request.method,
            path_info=request.path,
            query_args=request.query_string.decode("latin1"),
        )
