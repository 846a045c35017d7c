"""Reading a JSON body so that whatever is wrong with it is said, before anything looks inside."""

from contextlib import suppress
from typing import IO, Any, NoReturn

import orjson
from flask import Request, Response, request
from flask.json.provider import JSONProvider
from werkzeug.exceptions import BadRequest, ClientDisconnected, RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.wsgi import get_input_stream

LARGEST_BODY = 64 * 1024
MOST_READ_IN_VAIN = 2 * 1024 * 1024


class JsonRequest(Request):
    """A request whose JSON is read strictly: right media type, UTF-8, an object, no NaN, no depth bomb."""

    max_content_length = LARGEST_BODY

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """The body's JSON object.

        Raises:
            UnsupportedMediaType: the body is not said to be JSON.
            RequestEntityTooLarge: it is longer than 64 KiB.
            BadRequest: it is not JSON, or not an object.
        """
        if self.mimetype != "application/json":
            raise UnsupportedMediaType("the body must be application/json")
        try:
            body = orjson.loads(whole_body(self))
        except orjson.JSONDecodeError as error:
            raise BadRequest(f"the body is not JSON: {error.msg}") from error
        if not isinstance(body, dict):
            raise BadRequest("the body must be a JSON object")
        return body

    def on_json_loading_failed(self, e: ValueError | None) -> NoReturn:
        """Never called: ``get_json`` says itself what is wrong."""
        raise BadRequest(str(e))


def whole_body(request: Request) -> bytes:
    """The body, all of it.

    Raises:
        RequestEntityTooLarge: it is longer than may be, or in chunks and just as long as may be.
    """
    body = request.get_data()
    if len(body) == request.max_content_length and request.content_length is None:
        raise RequestEntityTooLarge  # what came after it was cut off
    return body


def read_what_is_left(response: Response) -> Response:
    """Read on where a refusal left a body unread, so that its sender hears the refusal.

    The server closes the connection on an unread body, and what a sender has been answered is lost with it.
    """
    if response.status_code >= 400 and request.content_length:
        left, rest = MOST_READ_IN_VAIN, _rest_of_body()
        with suppress(ClientDisconnected):
            while left > 0 and (read := rest.read(min(left, LARGEST_BODY))):
                left -= len(read)
    return response


def _rest_of_body() -> IO[bytes]:
    # Never beyond the body's end: a server may wait there for what never comes.
    try:
        return request.stream
    except RequestEntityTooLarge:
        return get_input_stream(request.environ)


class OrjsonProvider(JSONProvider):
    """JSON in UTF-8, unescaped; times in UTC with a Z (RFC 3339)."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """JSON text."""
        return orjson.dumps(obj, option=orjson.OPT_UTC_Z).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """The value of a JSON text.

        Raises:
            orjson.JSONDecodeError: it is not JSON.
        """
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        """A JSON response of the given value."""
        body = orjson.dumps(self._prepare_response_obj(args, kwargs), option=orjson.OPT_UTC_Z)
        return Response(body, mimetype="application/json")
