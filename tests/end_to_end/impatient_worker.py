"""The worker, whose sweep takes for forgotten after two seconds what it would after a minute.

Run as ``python -m tests.end_to_end.impatient_worker``.
"""

from unittest.mock import patch

from backend.entrypoints import worker

if __name__ == "__main__":
    with patch("backend.bootstrap.given_up_after_seconds", lambda *, attempt_seconds: 2.0):
        worker.main()
