"""API 문서 / API docs: what the factory and the shop publish, in ReDoc, served by themselves."""

from dataclasses import dataclass

import streamlit as st

from dashboard import settings
from dashboard.client import Client
from dashboard.parts.connection import show_connection
from dashboard.parts.header import Head, show_header
from dashboard.snapshots import snapshot
from dashboard.viewer import Viewer, current_viewer

TICK_SECONDS = 5
FRAME_PIXELS = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document: its page and its file, as a browser finds them, and who publishes them.

    ``publisher`` is None where the dashboard cannot ask whether they are there.
    """

    page: str
    file: str
    publisher: str | None


def show() -> None:
    """Draw the page."""
    viewer = current_viewer()
    head = show_header(viewer, title="docs_title", subtitle="docs_subtitle")
    own = settings.load()
    documents = {
        "factory_document": _factory_document(own),
        "shop_document": _published_by(own.backend_url, public_url=own.public_url),
    }
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        name = _choose(viewer, list(documents))
        with st.container(horizontal=True, width="content"):
            for which, document in documents.items():
                _link(viewer, f"file_{which}", document.file, "data_object")
            _link(viewer, "open_tab", documents[name].page, "open_in_new")
    _live(viewer, head, name, documents[name])


def _published_by(url: str, *, public_url: str) -> Document:
    return Document(page=f"{public_url}/docs", file=f"{public_url}/openapi.json", publisher=url)


def _factory_document(own: settings.Settings) -> Document:
    """The factory's own, unless another server has it: on AWS, the one beside the dashboard."""
    page = own.factory_document_url
    if page is None:
        return _published_by(own.factory_url, public_url=own.factory_public_url)
    return Document(page=f"{page}/", file=f"{page}/openapi.json", publisher=None)


@st.fragment(run_every=TICK_SECONDS)
def _live(viewer: Viewer, head: Head, name: str, document: Document) -> None:
    title = viewer.say(name)
    show_connection(viewer, head, snapshot("/api/overview", minutes=60), has_data=False)
    if document.publisher and not _is_there(document.publisher):
        st.info(viewer.say("document_gone", name=title), icon=":material/cloud_off:")
        st.skeleton(FRAME_PIXELS // 2)
        return
    st.iframe(document.page, height=FRAME_PIXELS, alt=viewer.say("document_frame", name=title))


@st.cache_data(ttl=4, max_entries=8, show_spinner=False)
def _is_there(url: str) -> bool:
    return Client(url=url, token="").get("/openapi.json").ok


def _link(viewer: Viewer, label: str, url: str, icon: str) -> None:
    st.link_button(viewer.say(label), url, type="tertiary", icon=f":material/{icon}:")


def _choose(viewer: Viewer, names: list[str]) -> str:
    asked = st.query_params.get("document")
    st.segmented_control(
        viewer.say("which_document"),
        names,
        default=asked if asked in names else names[0],
        required=True,
        format_func=viewer.say,
        key="document",
        label_visibility="collapsed",
        on_change=_remember,
        persist_state="session",
    )
    return str(st.session_state["document"])


def _remember() -> None:
    st.query_params["document"] = st.session_state["document"]
