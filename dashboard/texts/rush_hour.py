"""What the rush_hour page says."""

TEXTS: dict[str, tuple[str, str]] = {}
