"""Who looks: their language and time zone, and how they read numbers and times."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from dashboard import formats, texts
from dashboard.texts import LANGUAGES, Language

LANGUAGE_SWITCH = "language_switch"
"""The key of the header's switch in the session's state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """A person before the screen."""

    language: Language
    zone: tzinfo

    def say(self, key: str, **values: object) -> str:
        """The text of this key in the viewer's language."""
        return texts.say(key, self.language, **values)

    def name(self, product: dict[str, Any]) -> str:
        """A product's name."""
        return str(product["name_en"] if self.language == "en" and product["name_en"] else product["name"])

    def short_won(self, amount: int) -> str:
        """Won for small spaces."""
        return formats.short_won(amount, self.language)

    def span(self, seconds: float | None) -> str:
        """A span of time."""
        return formats.span(seconds, self.language)

    def ago(self, at: str) -> str:
        """How long something is past: ``2시간 전``."""
        passed = (datetime.now(UTC) - formats.moment(at)).total_seconds()
        return self.say("ago", span=self.span(passed))

    def clock(self, at: str | datetime) -> str:
        """A time of day where the viewer is, with the date when it is not today's."""
        when = formats.moment(at) if isinstance(at, str) else at
        return formats.clock(when, self.zone, now=datetime.now(UTC))


def current_viewer() -> Viewer:
    """Who looks at this page: language as the switch stands, from the URL, as last chosen, or the browser's.

    The switch comes first: a page that is just being loaded may send the address that it came with once more,
    after the switch was clicked.
    """
    language = _language()
    st.session_state["language"] = language
    if st.query_params.get("lang") != language:
        st.query_params["lang"] = language
    return Viewer(language=language, zone=_zone(st.context.timezone))


def _language() -> Language:
    asked = (st.session_state.get(LANGUAGE_SWITCH), st.query_params.get("lang"), st.session_state.get("language"))
    for said in asked:
        for language in LANGUAGES:
            if said == language:
                return language
    return "ko" if (st.context.locale or "ko").lower().startswith("ko") else "en"


def _zone(name: str | None) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
