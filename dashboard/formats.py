"""Money, counts, times and spans as people of either language write them."""

import re
from datetime import UTC, datetime, tzinfo

from dashboard.texts import Language

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$<>&])")
_SPANS = {"ko": ("초", "분", "시간", "일", ""), "en": ("s", "min", "h", "d", " ")}
_LARGE = {"ko": ((10**8, "억"), (10**4, "만")), "en": ((10**9, "B"), (10**6, "M"), (10**4, "K"))}


def plain(text: str) -> str:
    """A text as Markdown that shows it as it is: names come from whoever keeps the catalogue."""
    return _MARKDOWN.sub(r"\\\1", text)


def won(amount: int) -> str:
    """Won in full: ``₩12,300``."""
    return f"-₩{-amount:,}" if amount < 0 else f"₩{amount:,}"


def short_won(amount: int, language: Language) -> str:
    """Won for small spaces, three digits of it: ``₩407만``, ``₩4.07M``; in full below ten thousand."""
    for size, name in _LARGE[language]:
        if abs(amount) >= size:
            unit = 1_000 if name == "K" else size
            return f"₩{_three_digits(amount / unit)}{name}"
    return won(amount)


def span(seconds: float | None, language: Language) -> str:
    """A span of time in its largest one or two units: ``58초``, ``1시간 20분``; a dash for None."""
    if seconds is None:
        return "–"
    second, minute, hour, day, gap = _SPANS[language]
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole}{gap}{second}"
    parts = ((whole // 86_400, day), (whole % 86_400 // 3_600, hour), (whole % 3_600 // 60, minute))
    first = next(index for index, (count, _) in enumerate(parts) if count)
    shown = [f"{count}{gap}{unit}" for count, unit in parts[first : first + 2] if count]
    return " ".join(shown)


def moment(text: str) -> datetime:
    """The UTC time that an RFC 3339 text says."""
    return datetime.fromisoformat(text).astimezone(UTC)


def clock(at: datetime, zone: tzinfo, *, now: datetime) -> str:
    """The time of day in this zone, with the date when it was not on the same day as ``now``."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    return f"{local:%H:%M:%S}" if local.date() == today.date() else f"{local:%m-%d %H:%M}"


def _three_digits(value: float) -> str:
    digits = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
