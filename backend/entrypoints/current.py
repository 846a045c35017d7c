"""The parts that the running app was made with."""

from typing import cast

from flask import current_app

from backend.bootstrap import Parts

EXTENSION = "factoauto"


def current_parts() -> Parts:
    """Database, queues, factory and settings of the app that serves this request."""
    return cast("Parts", current_app.extensions[EXTENSION])
