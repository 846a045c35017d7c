"""The worker, with a patience of two seconds instead of a minute.

So soon it takes a message for forgotten, and a relay that holds one for dead.

Run as ``python -m tests.end_to_end.impatient_worker``.
"""

import os
from datetime import timedelta
from unittest.mock import patch

from backend.entrypoints import worker

PATIENCE_SECONDS = 2.0

if __name__ == "__main__":
    with (
        patch.dict(os.environ, {"FACTOAUTO_FORGOTTEN_SECONDS": str(PATIENCE_SECONDS)}),
        patch("backend.services.relay.LEASE", timedelta(seconds=PATIENCE_SECONDS)),
    ):
        worker.main()
