"""Why somebody was not reached over HTTP, in words that repeat no address."""

import urllib3


def why_unreached(error: urllib3.exceptions.HTTPError) -> str:
    """The reason, for a log and for whoever mends it."""
    if isinstance(error, urllib3.exceptions.ReadTimeoutError):
        return "it did not answer in time"
    if isinstance(error, urllib3.exceptions.NewConnectionError):  # a ConnectTimeoutError too, to urllib3
        return "connection refused"
    if isinstance(error, urllib3.exceptions.ConnectTimeoutError):
        return "connecting took too long"
    return type(error).__name__
