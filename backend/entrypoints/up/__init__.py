"""``factoauto up``: the whole shop on one machine, from one command.

``command.up`` makes what is missing (``secret_files``, migrations, the demo shop), checks the ports, and becomes
the supervisor of the ``programs``, which are written into a ``configuration`` for supervisord.

supervisord runs inside this process (``supervision``) rather than beside it: its events are then plain calls,
lossless and in order, so one writer, the ``console``, owns the terminal; no control socket is needed; and one
process less can be left over. Should this process be killed, a ``leash`` ends all that it started.

``readiness`` is a short-lived program of its own: it asks each server until it answers, and ends; on that the
``summary`` is shown. Nothing here polls once everything runs.
"""
