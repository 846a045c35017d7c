"""A page's head: its title, whether what it shows is live, and the language."""

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.texts import LANGUAGES, Language
from dashboard.viewer import LANGUAGE_SWITCH, Viewer

NAMES: dict[Language, str] = {"ko": "한국어", "en": "EN"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The places in a page's head that its live part fills."""

    status: DeltaGenerator
    banner: DeltaGenerator


def show_header(viewer: Viewer, *, title: str, subtitle: str) -> Head:
    """Draw the head of a page; its live part shows the connection in the places that are returned."""
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        with st.container(width="content", gap="xxsmall"):
            st.title(viewer.say(title), anchor=False)
            st.caption(viewer.say(subtitle))
        with st.container(
            horizontal=True, width="content", vertical_alignment="center", horizontal_alignment="right"
        ):
            status = st.empty()
            _language_switch(viewer)
    return Head(status=status, banner=st.container(gap=None))


def _language_switch(viewer: Viewer) -> None:
    st.segmented_control(
        viewer.say("language"),
        LANGUAGES,
        default=viewer.language,
        required=True,
        format_func=lambda language: NAMES[language],
        key=LANGUAGE_SWITCH,
        label_visibility="collapsed",
        on_change=_choose_language,
    )


def _choose_language() -> None:
    st.query_params["lang"] = st.session_state[LANGUAGE_SWITCH]
