"""The worker, whose claim on what it relays runs out after five seconds: a minute is all the time to settle.

Run as ``python -m tests.chaos.worker``.
"""

from datetime import timedelta
from unittest.mock import patch

from backend.entrypoints import worker

LEASE_SECONDS = 5.0

if __name__ == "__main__":
    with patch("backend.services.relay.LEASE", timedelta(seconds=LEASE_SECONDS)):
        worker.main()
