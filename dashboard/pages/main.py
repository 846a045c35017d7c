"""What Streamlit runs for each session: the frame, and the page that was asked for."""

import streamlit as st

from dashboard import pictures, settings
from dashboard.pages import docs, pipeline, rush_hour, shop, warehouse
from dashboard.viewer import current_viewer

PAGES = (
    ("shop", shop.show, "storefront"),
    ("warehouse", warehouse.show, "inventory_2"),
    ("pipeline", pipeline.show, "conveyor_belt"),
    ("docs", docs.show, "menu_book"),
    ("rush_hour", rush_hour.show, "science"),
)

viewer = current_viewer()
name = viewer.say("shop_name")
st.set_page_config(page_title=name, page_icon=pictures.logo(), layout="wide")
st.logo(pictures.wordmark(name), size="large")
st.navigation(
    [
        st.Page(
            draw,
            title=viewer.say(f"{page}_title"),
            icon=f":material/{icon}:",
            url_path=page,
            default=page == "shop",
            visibility="visible" if page != "rush_hour" or settings.load().simulator else "hidden",
        )
        for page, draw, icon in PAGES
    ],
    position="top",
).run()
