"""Ends when every server answers. ``python -m backend.entrypoints.up.readiness [--within=SECONDS] name=url``."""

import argparse
import http.client
import math
import sys
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

_PAUSE_SECONDS = 0.05
_ANSWER_SECONDS = 5
_REPORT_SECONDS = 10


def main() -> None:
    """Ask the URLs of the command line until each has answered 2xx; say now and then what is missing.

    ``--within`` says after how many seconds whoever waits goes on without.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("--within", type=float, default=math.inf)
    parser.add_argument("servers", nargs="+")
    options = parser.parse_args()
    await_ready(dict(server.split("=", 1) for server in options.servers), within=options.within)


def await_ready(waiting: Mapping[str, str], *, within: float) -> None:
    """Return when each of these has answered, or after so many seconds."""
    began = time.monotonic()
    report_at = began + _REPORT_SECONDS
    while True:
        waiting = {name: url for name, url in waiting.items() if not is_ready(url)}
        if not waiting or time.monotonic() - began > within:
            return
        if time.monotonic() > report_at:
            sys.stdout.write(describe(waiting) + "\n")
            sys.stdout.flush()
            report_at = time.monotonic() + _REPORT_SECONDS
        time.sleep(_PAUSE_SECONDS)


def is_ready(url: str) -> bool:
    """Whether this URL answers, and with a 2xx status."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=_ANSWER_SECONDS)
    try:
        connection.request("GET", address.path)
        return 200 <= connection.getresponse().status < 300
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def describe(waiting: Mapping[str, str]) -> str:
    """What is still waited for, in one line."""
    return "still waiting for " + ", ".join(f"{name} ({url})" for name, url in waiting.items())


if __name__ == "__main__":
    main()
