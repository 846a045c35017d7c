"""What the docs page says."""

TEXTS: dict[str, tuple[str, str]] = {}
