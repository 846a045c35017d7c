"""Everything that the dashboard says, in Korean and in English, side by side."""

from typing import Literal

from dashboard.texts import docs, frame, pipeline, rush_hour, shop, warehouse

Language = Literal["ko", "en"]
LANGUAGES: tuple[Language, ...] = ("ko", "en")

TEXTS: dict[str, tuple[str, str]] = {
    **frame.TEXTS,
    **shop.TEXTS,
    **warehouse.TEXTS,
    **pipeline.TEXTS,
    **docs.TEXTS,
    **rush_hour.TEXTS,
}
"""Key to Korean and English. A name in braces is filled in."""


def say(key: str, language: Language, **values: object) -> str:
    """The text of this key; KeyError for one that nobody wrote."""
    return TEXTS[key][LANGUAGES.index(language)].format(**values)
