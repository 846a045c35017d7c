"""What ``streamlit run dashboard/app.py`` serves: the pages, Plotly from its own package, and the door."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from dashboard import settings
from dashboard.door.headers import StayAtHome
from dashboard.plotly_js import ROUTE

environment = settings.load()
app = st.App(
    # Not beside a folder named "pages": Streamlit would take its modules for pages of its own kind.
    Path(__file__).with_name("pages") / "main.py",
    routes=[ROUTE],
    middleware=[Middleware(StayAtHome, frames=(environment.public_url, environment.factory_public_url))],
)
