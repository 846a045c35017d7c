import io

from backend.entrypoints.up.configuration import READINESS
from backend.entrypoints.up.console import Console
from backend.entrypoints.up.narrator import Narrator


class Scene:
    """A narrator of two programs that are both starting, and what it has said."""

    def __init__(self) -> None:
        self._stream = io.BytesIO()
        console = Console(stream=self._stream, names=["backend", "worker"], colour=False)
        self.narrator = Narrator(console=console, programs=["backend", "worker"], summary=lambda: "the summary")
        for name in ("backend", "worker", READINESS):
            self.narrator.starting(name)

    @property
    def lines(self) -> list[str]:
        return self._stream.getvalue().decode().splitlines()


def test_the_summary_is_shown_once_every_server_has_answered() -> None:
    scene = Scene()
    assert scene.lines == []

    scene.narrator.finished(READINESS, well=True)
    scene.narrator.running("backend")

    assert scene.lines == ["the summary"]


def test_the_summary_waits_for_a_program_that_is_down() -> None:
    scene = Scene()
    scene.narrator.died("worker", why="exit status 1", pause_seconds=1)

    scene.narrator.finished(READINESS, well=True)
    assert scene.lines == ["up      │ worker ended (exit status 1): starting it again in 1 s"]

    scene.narrator.starting("worker")
    assert scene.lines[1:] == ["the summary"]


def test_a_death_is_told_with_its_cause_and_so_is_the_recovery() -> None:
    scene = Scene()
    scene.narrator.printed("worker", b"half a line")

    scene.narrator.died("worker", why="terminated by SIGKILL", pause_seconds=0)
    scene.narrator.starting("worker")
    scene.narrator.running("worker")

    assert scene.lines == [
        "worker  │ half a line",
        "up      │ worker ended (terminated by SIGKILL): starting it again now",
        "up      │ worker runs again",
    ]


def test_a_program_that_never_died_is_not_said_to_run_again() -> None:
    scene = Scene()

    scene.narrator.running("backend")

    assert scene.lines == []


def test_who_stops_before_it_was_ready_is_shown_no_summary() -> None:
    scene = Scene()

    scene.narrator.stopping()
    scene.narrator.stopped("backend")
    scene.narrator.finished(READINESS, well=True)

    assert scene.lines == ["up      │ stopping"]


def test_what_the_readiness_program_prints_is_said_by_up() -> None:
    scene = Scene()

    scene.narrator.printed(READINESS, b"still waiting for backend\n")
    scene.narrator.finished(READINESS, well=False)

    assert scene.lines == [
        "up      │ still waiting for backend",
        "up      │ readiness failed: what runs is not known to be ready",
    ]
