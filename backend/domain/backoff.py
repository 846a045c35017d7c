"""How long a failed order waits before it is tried again: exponential backoff with jitter.

"Equal jitter" of https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/: half of the wait
is fixed, half is drawn, so that many failures at once do not come back at once.
"""

MAX_RECEIVES = 4
BASE_SECONDS = 2
LONGEST_SECONDS = 60


def longest_wait_seconds(*, failures: int) -> int:
    """The most that the wait after the given number of failures (1 or more) can be, in seconds."""
    return int(min(LONGEST_SECONDS, BASE_SECONDS * 2 ** (failures - 1)))


def wait_seconds(*, failures: int, draw: float) -> int:
    """The wait after the given number of failures, in whole seconds of at least 1.

    Args:
        failures: how often the order has failed, this time included.
        draw: a random number in [0, 1).
    """
    longest = longest_wait_seconds(failures=failures)
    return max(1, round(longest / 2 + draw * longest / 2))


def given_up_after_seconds(*, attempt_seconds: float) -> float:
    """How long a message can be on its way through every attempt and every wait, in seconds.

    Args:
        attempt_seconds: the longest that one attempt takes.
    """
    waits = sum(longest_wait_seconds(failures=failures) for failures in range(1, MAX_RECEIVES))
    return waits + MAX_RECEIVES * attempt_seconds
