"""``factoauto up``: the whole shop on one machine, from one command.

``command.up`` makes what is missing (``secret_files``, migrations, the demo shop), checks the ports, and becomes
the supervisor of the ``programs``, which are written into a ``configuration`` for supervisord.

supervisord runs inside this process (``supervision``) rather than beside it: its events are then plain calls,
lossless and in order, so one writer, the ``console``, owns the terminal; no control socket is needed; and one
process less can be left over. Should this process be killed, a ``leash`` ends all that it started.

``readiness`` is a short-lived program of its own: it asks each server until it answers, and ends; on that the
``summary`` is shown. Nothing here polls once everything runs.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.settings import Settings


def up(settings: "Settings") -> None:
    """Run the shop until a signal stops it; ``command.up`` says what it raises."""
    # ``readiness`` shares this package and must start at once: nothing is imported for it here.
    from backend.entrypoints.up import command

    command.up(settings)
