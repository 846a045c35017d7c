"""A function's process: takes ``[handler, event]`` as a line of JSON each, prints as Lambda would log it."""

import json
import sys

from backend.entrypoints import lambdas
from tests.lambdas.events import Context

for line in sys.stdin:
    handler, event = json.loads(line)
    getattr(lambdas, handler)(event, Context())
