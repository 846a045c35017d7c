"""Which tests one of pytest-xdist's processes runs: those of a file, or of several that share what they start.

Not by xdist's own groups: pytest 9.2 keeps them from the node ids in which xdist 3.8 looks for them, and every
process would start everything (pytest-dev/pytest-xdist#1386).
"""

import pytest
from xdist.remote import Producer  # type: ignore[import-untyped]
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

TOGETHER = (
    ("tests/end_to_end/dashboard/",),
    ("tests/end_to_end/test_alerts.py", "tests/end_to_end/test_loop.py"),
    ("tests/integration/http/",),
    ("tests/security/",),
)
"""Folders and files that share what takes long to start: one process runs all of a line."""
FIRST = ("tests/end_to_end/", "tests/chaos/")
"""What takes longest begins first, so that nobody waits for it in the end."""


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Hands out whole files, and those that belong together as one."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((line[0] for line in TOGETHER if file.startswith(line)), file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    """Hand tests out so, whatever ``--dist`` says."""
    return Scheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put first what takes longest."""
    items.sort(key=lambda item: not item.nodeid.startswith(FIRST))
