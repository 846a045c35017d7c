"""What Streamlit runs for each session: the frame, and the page that was asked for."""

import streamlit as st

from dashboard import pictures
from dashboard.pages import shop
from dashboard.viewer import current_viewer

viewer = current_viewer()
st.set_page_config(page_title=viewer.say("shop_name"), page_icon=pictures.logo(), layout="wide")
st.logo(
    pictures.wordmark(viewer.say("shop_name")), size="large", icon_image=pictures.wordmark(viewer.say("shop_name"))
)
page = st.navigation(
    [
        st.Page(
            shop.show, title=viewer.say("shop_title"), icon=":material/storefront:", url_path="shop", default=True
        )
    ],
    position="top",
)
page.run()
