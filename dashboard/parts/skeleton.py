"""What stands in a page's place until its data were there for the first time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import streamlit as st


@contextmanager
def skeleton(name: str, *, rows: Sequence[int]) -> Iterator[None]:
    """Show grey blocks of these heights in pixels while the block waits for the page's first data.

    They stay when it ends without any: ``snapshot`` then is empty, and the page stops there.
    """
    place = st.empty()
    known = f"seen {name}"
    if not st.session_state.get(known):
        with place.container():
            for height in rows:
                st.skeleton(height)
    yield
    st.session_state[known] = True
