"""The door: the password, the cookie, the headers."""

import asyncio
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from streamlit.runtime import Runtime

from dashboard.door.guard import allowed_hosts, is_loopback, required_password
from dashboard.door.headers import StayAtHome
from dashboard.door.pass_cookie import COOKIE, PassCookie
from dashboard.door.password import LOGIN, MOST_WAITING, PasswordDoor
from dashboard.settings import Settings
from tests.dashboard.visits import Visit, arrive, visit

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
PASSWORD = "열려라 참깨"


async def _application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"inside"})


async def _no_pause(seconds: float) -> None:
    pass


def _door() -> PasswordDoor:
    return PasswordDoor(_application, password=PASSWORD, sleep=_no_pause)


def _form(password: str) -> bytes:
    return f"password={quote(password)}".encode()


def test_without_a_password_the_door_is_open() -> None:
    assert visit(PasswordDoor(_application, password="")).text == "inside"


def test_a_browser_is_asked_for_the_password_and_comes_back_to_where_it_was_going() -> None:
    answer = visit(_door(), "/warehouse", query="lang=en&sku=A", accept="text/html")

    assert answer.status == 303
    assert answer.headers["location"] == "/login?next=%2Fwarehouse%3Flang%3Den%26sku%3DA&lang=en"


def test_a_program_is_refused() -> None:
    answer = visit(_door(), "/assets/plotly.min.js")

    assert (answer.status, answer.text) == (401, "password required\n")


def test_a_websocket_without_the_cookie_is_closed() -> None:
    assert visit(_door(), "/_stcore/stream", kind="websocket").first["type"] == "websocket.close"


def test_a_load_balancer_may_ask_whether_it_is_alive() -> None:
    assert visit(_door(), "/_stcore/health").text == "inside"


def test_the_right_password_opens_pages_and_websockets() -> None:
    door = _door()

    answer = visit(door, LOGIN, body=_form(PASSWORD), query="next=%2Fpipeline%3Flang%3Den")
    cookie = answer.headers["set-cookie"].split(";")[0]

    assert (answer.status, answer.headers["location"]) == (303, "/pipeline?lang=en")
    assert {"HttpOnly", "SameSite=lax"} <= set(answer.headers["set-cookie"].split("; "))
    assert visit(door, "/", cookie=cookie).text == "inside"
    assert visit(door, "/x", kind="websocket", cookie=cookie).first["type"] == "websocket.accept"


def test_behind_https_the_cookie_is_for_https_only() -> None:
    answer = visit(_door(), LOGIN, body=_form(PASSWORD), x_forwarded_proto="https")

    assert "Secure" in answer.headers["set-cookie"]


def test_the_password_and_the_cookie_are_compared_in_constant_time(compared: list[tuple[bytes, bytes]]) -> None:
    """How much of a guess is right cannot be told from the time."""
    cookie = PassCookie(PASSWORD)

    assert cookie.is_password(PASSWORD)
    assert cookie.is_valid(cookie.issue())
    assert [len(one) for one, _ in compared] == [32, 64], "a digest, and a signature in hexadecimal"


@pytest.mark.parametrize("password", ["", "x", PASSWORD + " ", PASSWORD[:-1]])
def test_a_wrong_password_stays_outside_and_says_so(password: str) -> None:
    answer = visit(_door(), LOGIN, body=_form(password))

    assert answer.status == 401
    assert "비밀번호가 맞지 않습니다" in answer.text
    assert "set-cookie" not in answer.headers


def test_the_page_is_in_the_language_that_was_asked_for_or_preferred() -> None:
    assert "Password" in visit(_door(), LOGIN, query="lang=en").text
    assert "Password" in visit(_door(), LOGIN, accept_language="en-GB,en").text
    assert "비밀번호" in visit(_door(), LOGIN, accept_language="ko").text


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:x"])
def test_nobody_is_sent_on_to_another_server(target: str) -> None:
    answer = visit(_door(), LOGIN, body=_form(PASSWORD), query=f"next={quote(target)}")

    assert answer.headers["location"] == "/"


def test_what_stands_in_the_url_is_not_taken_for_markup() -> None:
    assert "<script>" not in visit(_door(), LOGIN, query="next=<script>").text


def test_an_endless_password_is_not_read() -> None:
    """Not even where the right one comes in the end."""
    endless = b"more=" + b"x" * 5_000 + b"&" + _form(PASSWORD)

    assert visit(_door(), LOGIN, body=endless).status == 401


def test_wrong_passwords_are_judged_one_at_a_time_and_too_many_are_sent_away() -> None:
    """Each wrong one costs a pause; while some wait for their turn, more of them are not even judged."""
    pauses: list[int] = []
    waiting = 0

    async def pause(seconds: float) -> None:
        nonlocal waiting
        waiting += 1
        pauses.append(waiting)
        await asyncio.sleep(0)
        waiting -= 1

    async def storm() -> list[Visit]:
        door = PasswordDoor(_application, password=PASSWORD, sleep=pause)
        guesses = (arrive(door, LOGIN, body=_form(f"guess {number}")) for number in range(MOST_WAITING * 3))
        return await asyncio.gather(*guesses)

    answers = asyncio.run(storm())

    assert set(pauses) == {1}
    assert len(pauses) == MOST_WAITING
    assert sorted({answer.status for answer in answers if answer.status}) == [401, 429]


@pytest.mark.parametrize("change", [lambda c: c + "0", lambda c: "9" + c, lambda c: "", lambda c: "x.y"])
def test_a_cookie_that_was_changed_is_worth_nothing(change: Any) -> None:
    cookie = PassCookie(PASSWORD)

    assert cookie.is_valid(cookie.issue())
    assert not cookie.is_valid(change(cookie.issue()))


def test_a_cookie_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    cookie = PassCookie(PASSWORD)
    issued = cookie.issue()

    monkeypatch.setattr("dashboard.door.pass_cookie.time.time", lambda: 9e9)

    assert not cookie.is_valid(issued)


def test_a_new_password_makes_old_cookies_worthless() -> None:
    assert not PassCookie("another").is_valid(PassCookie(PASSWORD).issue())
    assert visit(_door(), "/", cookie=f"{COOKIE}={PassCookie('another').issue()}").status == 401


def test_every_answer_forbids_to_fetch_from_elsewhere() -> None:
    app = StayAtHome(_application, frames=("http://127.0.0.1:8001/redoc/factory",))

    policy = visit(app).headers["content-security-policy"]

    assert "default-src 'self'" in policy
    assert "frame-src 'self' http://127.0.0.1:8001;" in policy
    assert "frame-ancestors 'self'" in policy
    assert "https:" not in policy


def test_the_page_of_another_server_cannot_open_the_websocket() -> None:
    app = StayAtHome(_application, frames=())

    stranger = visit(app, kind="websocket", host="127.0.0.1:8501", origin="http://evil.example")
    own = visit(app, kind="websocket", host="127.0.0.1:8501", origin="http://127.0.0.1:8501")

    assert stranger.first["type"] == "websocket.close"
    assert own.first["type"] == "websocket.accept"


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "::", "10.0.0.7", "dashboard.example"])  # noqa: S104 - refused
def test_where_others_can_reach_it_it_does_not_start_without_a_password(address: str | None) -> None:
    with pytest.raises(SystemExit, match="FACTOAUTO_DASHBOARD_PASSWORD: is not set"):
        required_password(Settings(dashboard_password=""), address)

    assert required_password(Settings(dashboard_password=PASSWORD), address) == PASSWORD


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_on_loopback_it_may_be_open(address: str) -> None:
    assert is_loopback(address)
    assert required_password(Settings(dashboard_password=""), address) == ""


def test_without_a_password_only_the_names_of_this_machine_lead_to_it() -> None:
    assert "*" not in allowed_hosts("")
    assert allowed_hosts(PASSWORD) == ["*"]


@pytest.fixture
def open_dashboard(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Any]:
    """Puts together what ``streamlit run`` serves on this machine, behind its whole door."""

    def put_together(password: str) -> Any:
        monkeypatch.setenv("FACTOAUTO_VAR_DIR", str(tmp_path))
        monkeypatch.setenv("FACTOAUTO_DASHBOARD_PASSWORD", password)
        monkeypatch.setattr("streamlit.get_option", {"server.address": "127.0.0.1"}.get)
        monkeypatch.setattr(Runtime, "_instance", None)  # a process may have one, and other tests none
        return runpy.run_path(str(APP))["app"]

    return put_together


def test_whoever_comes_by_a_name_that_was_made_to_lead_here_is_sent_away(
    open_dashboard: Callable[[str], Any],
) -> None:
    dashboard = open_dashboard("")

    assert visit(dashboard, host="evil.example:8501").status == 400
    assert visit(dashboard, host="127.0.0.1:8501").status == 200


def test_the_dashboard_that_is_served_asks_for_the_password_and_says_what_a_browser_may_do(
    open_dashboard: Callable[[str], Any],
) -> None:
    answer = visit(open_dashboard(PASSWORD), host="shop.example")

    assert answer.status == 401
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
