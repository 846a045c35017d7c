"""Both languages say everything."""

import re
import string
from pathlib import Path

import pytest

from backend.services.timeline import Event
from dashboard.parts.order_steps import EVENT_ICONS, EXPLAINED
from dashboard.texts import LANGUAGES, TEXTS, say

SOURCES = Path(__file__).parents[2] / "dashboard"


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_say_it_and_fill_in_the_same(key: str) -> None:
    korean, english = TEXTS[key]

    assert korean
    assert english
    assert _names(korean) == _names(english)


def test_no_english_text_has_korean_in_it() -> None:
    """The name of the language itself is the exception, and it is not in the table."""
    assert [key for key, (_, english) in TEXTS.items() if re.search("[가-힣]", english)] == []


def test_no_two_modules_write_the_same_key() -> None:
    modules = [path for path in (SOURCES / "texts").glob("*.py") if path.stem != "__init__"]
    keys = [key for path in modules for key in re.findall(r'^    "(\w+)": \(', path.read_text("utf-8"), re.M)]

    assert len(keys) == len(set(keys)) == len(TEXTS)


def test_every_text_is_said_somewhere() -> None:
    sources = [path.read_text("utf-8") for path in SOURCES.rglob("*.py") if path.parent.name != "texts"]
    source = "\n".join(sources)
    started = tuple(re.findall(r'["\']([a-z]+_)(?:["\'] \+|\{)', source))
    said = set(re.findall(r'["\'](\w+)["\']', source))

    assert [key for key in TEXTS if key not in said and not key.startswith(started)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_that_nobody_wrote_is_an_error(language: str) -> None:
    with pytest.raises(KeyError):
        say("nothing_of_the_kind", language)  # type: ignore[arg-type]


def test_what_happens_to_an_order_is_told_of_each_event_of_the_api_and_of_no_other() -> None:
    events = set(Event)

    assert set(EVENT_ICONS) == events
    assert {key.removeprefix("event_") for key in TEXTS if key.startswith("event_")} == events
    assert set(EXPLAINED) <= events
