"""What ``streamlit run dashboard/app.py`` serves: the pages, Plotly from its own package, and the door."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from dashboard import settings
from dashboard.door.guard import allowed_hosts, required_password
from dashboard.door.headers import StayAtHome
from dashboard.door.index_page import index_routes
from dashboard.door.ledger_file import ROUTE as LEDGER_FILE
from dashboard.door.password import PasswordDoor
from dashboard.door.ticks import TicksDoNotClick
from dashboard.plotly_js import ROUTE as PLOTLY
from dashboard.simulator.faults import end_of_faults


@asynccontextmanager
async def running(_: st.App) -> AsyncIterator[None]:
    """What happens once while the dashboard runs: faults that one before it left behind come to their end."""
    if environment.simulator and environment.bearer_token():
        end_of_faults().count_for_what_is_left()
    yield


environment = settings.load_or_exit()
framed = (environment.public_url, environment.factory_document_url or environment.factory_public_url)
password = required_password(environment, st.get_option("server.address"))
app = st.App(
    # Not beside a folder named "pages": Streamlit would take its modules for pages of its own kind.
    Path(__file__).with_name("pages") / "main.py",
    lifespan=running,
    routes=[PLOTLY, LEDGER_FILE, *index_routes("warehouse", "pipeline", "docs", "rush_hour")],
    middleware=[
        Middleware(TrustedHostMiddleware, allowed_hosts=allowed_hosts(password), www_redirect=False),
        Middleware(StayAtHome, frames=framed),
        Middleware(PasswordDoor, password=password),
        Middleware(TicksDoNotClick),
    ],
)
