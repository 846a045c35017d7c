"""What the warehouse page says."""

TEXTS: dict[str, tuple[str, str]] = {}
