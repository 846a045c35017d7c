"""A tick of a live part must not click: so one click is one purchase."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

CLICKS = ("trigger_value", "string_trigger_value", "json_trigger_value", "chat_input_value")
"""values of a widget that mean that something was just done to it"""


class TicksDoNotClick:
    """ASGI middleware that takes clicks out of what a page's timers send.

    Streamlit's page notes a click and sends it a moment later, then forgets it. A timer that fires within this
    moment sends the noted click too, and the server would do twice what was asked for once.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Stand before ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; ticks without clicks."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return

        async def receive_ticks_without_clicks() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive" and message.get("bytes"):
                message["bytes"] = without_clicks(message["bytes"])
            return message

        await self._app(scope, receive_ticks_without_clicks, send)


def without_clicks(data: bytes) -> bytes:
    """A message of the page; one that a timer sent has no clicks any more."""
    message = BackMsg.FromString(data)
    rerun = message.rerun_script
    if not rerun.is_auto_rerun:
        return data
    kept = [state for state in rerun.widget_states.widgets if state.WhichOneof("value") not in CLICKS]
    del rerun.widget_states.widgets[:]
    rerun.widget_states.widgets.extend(kept)
    return bytes(message.SerializeToString())
