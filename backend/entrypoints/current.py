"""The parts that the running app was made with."""

from typing import cast

from flask import current_app

from backend.bootstrap import Parts
from backend.entrypoints.group_commit import GroupCommit

EXTENSION = "factoauto"
GROUP_COMMIT = "group_commit"


def current_group_commit() -> GroupCommit:
    """Where this process sells."""
    return cast("GroupCommit", current_app.extensions[GROUP_COMMIT])


def current_parts() -> Parts:
    """Database, queues, factory and settings of the app that serves this request."""
    return cast("Parts", current_app.extensions[EXTENSION])
