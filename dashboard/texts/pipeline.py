"""What the pipeline page says."""

TEXTS: dict[str, tuple[str, str]] = {}
