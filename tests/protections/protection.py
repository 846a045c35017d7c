"""What a protection is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Protection:
    """One protection. ``there`` is a piece of ``file`` that occurs once; ``gone`` stands there without it."""

    promise: str
    protection: str
    file: str
    there: str
    gone: str
    test: str
