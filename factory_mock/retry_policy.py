"""When a delivery is tried again: tenacity decides, the production line keeps the time.

Its own loop would sleep in a thread of the line for each shop that is down; a few of those and nothing else
would be delivered. So only its strategies are asked here.
"""

from __future__ import annotations

from tenacity import RetryCallState, Retrying, stop_after_attempt, wait_exponential_jitter

ATTEMPTS = 10
_POLICY = Retrying(
    wait=wait_exponential_jitter(multiplier=0.5, exp_base=2, max=30, jitter=0.5),
    stop=stop_after_attempt(ATTEMPTS),
)


def seconds_until_retry(*, attempt: int, retry_after: float = 0.0) -> float | None:
    """Return how long to wait after the attempt of this number failed; None if it was the last one.

    Half a second, doubled each time up to thirty, with jitter, and never less than the shop asked for.
    """
    state = RetryCallState(_POLICY, None, (), {})
    state.attempt_number = attempt
    return None if _POLICY.stop(state) else max(_POLICY.wait(state), retry_after)
