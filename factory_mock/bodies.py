"""Reading request bodies: JSON and XML into plain fields, and nothing surprising on the way."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, ParseError

import orjson
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

JSON = "application/json"
XML = "application/xml"
ROOT = "Order"
TOO_LARGE = 64 * 1024  # bytes
_LONGEST_LISTENED_TO = 8 * 1024 * 1024


class MalformedBody(Exception):
    """The body is not what its Content-Type says; the message says why."""


class UnsupportedMediaType(Exception):
    """The body's media type is not one that is read here; the message names those that are."""


def fields_of(request: Request, *, accepted: tuple[str, ...]) -> Any:
    """Return the fields of a request's body, which must be of one of the accepted media types.

    Raises UnsupportedMediaType, MalformedBody, RequestEntityTooLarge.
    """
    body = _whole_body(request)
    if request.mimetype not in accepted:
        raise UnsupportedMediaType(" or ".join(accepted))
    return _json(body) if request.mimetype == JSON else _xml(body)


def _whole_body(request: Request) -> bytes:
    """Return the body. One that is too large is read to its end, within reason, and thrown away.

    A caller whose connection is closed while it still sends may never see why.
    """
    kept, length = bytearray(), 0
    while length < _LONGEST_LISTENED_TO and (piece := request.stream.read(TOO_LARGE)):
        length += len(piece)
        if length < TOO_LARGE:
            kept += piece
    if length >= TOO_LARGE:
        raise RequestEntityTooLarge
    return bytes(kept)


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)  # refuses what is nested too deeply, as well
    except orjson.JSONDecodeError as error:
        raise MalformedBody(f"not JSON: {error}") from None


def _xml(body: bytes) -> dict[str, str]:
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except DefusedXmlException:
        raise MalformedBody("XML with a document type or entities is not read") from None
    except (ParseError, ValueError, LookupError) as error:
        raise MalformedBody(f"not XML: {error}") from None
    if root.tag != ROOT:
        raise MalformedBody(f"the root element must be {ROOT}")
    fields: dict[str, str] = {}
    for element in root:
        if len(element) or element.tag in fields:
            raise MalformedBody("each field must be one element that holds text alone")
        fields[element.tag] = (element.text or "").strip()
    return fields
