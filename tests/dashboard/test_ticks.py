"""A tick that comes between a click and its sending must not click too."""

from streamlit.proto.BackMsg_pb2 import BackMsg

from dashboard.door.ticks import CLICKS, without_clicks


def _message(*, by_a_timer: bool) -> BackMsg:
    message = BackMsg()
    message.rerun_script.fragment_id = "live"
    message.rerun_script.is_auto_rerun = by_a_timer
    message.rerun_script.widget_states.widgets.add(id="buy", trigger_value=True)
    message.rerun_script.widget_states.widgets.add(id="quantity", double_value=3)
    return message


def test_a_tick_loses_the_click_and_keeps_what_was_typed() -> None:
    tick = BackMsg.FromString(without_clicks(_message(by_a_timer=True).SerializeToString()))

    assert [state.id for state in tick.rerun_script.widget_states.widgets] == ["quantity"]
    assert tick.rerun_script.fragment_id == "live"


def test_a_click_that_was_sent_for_its_own_sake_is_let_through_as_it_is() -> None:
    click = _message(by_a_timer=False).SerializeToString()

    assert without_clicks(click) == click


def test_a_message_of_another_kind_is_let_through_as_it_is() -> None:
    stop = BackMsg(stop_script=True).SerializeToString()

    assert without_clicks(stop) == stop


def test_every_kind_of_click_that_streamlit_knows_is_known() -> None:
    states = BackMsg().rerun_script.widget_states.widgets.add()

    kinds = [field.name for field in states.DESCRIPTOR.fields if "trigger" in field.name or "chat" in field.name]

    assert sorted(kinds) == sorted(CLICKS)
