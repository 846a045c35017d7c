import io

from backend.entrypoints.up.console import LONGEST_LINE, Console


class Screen:
    """A console of two programs, and what it shows."""

    def __init__(self, *, colour: bool = False) -> None:
        self._stream = io.BytesIO()
        self.console = Console(stream=self._stream, names=["backend", "factory-x"], colour=colour)

    @property
    def lines(self) -> list[str]:
        return self._stream.getvalue().decode("utf-8").splitlines()


def test_each_line_stands_under_the_name_of_its_program_in_one_column() -> None:
    screen = Screen()

    screen.console.write("backend", b"one\ntwo\n")
    screen.console.write("factory-x", b"three\n")
    screen.console.say("four")

    assert screen.lines == ["backend   │ one", "backend   │ two", "factory-x │ three", "up        │ four"]


def test_korean_is_whole_though_its_bytes_arrive_in_parts() -> None:
    screen = Screen()

    for byte in "부산도너츠 재고 부족\n".encode():
        screen.console.write("backend", bytes([byte]))

    assert screen.lines == ["backend   │ 부산도너츠 재고 부족"]


def test_a_line_is_shown_when_it_is_complete_and_not_mixed_with_anothers() -> None:
    screen = Screen()

    screen.console.write("backend", b"begun, ")
    screen.console.write("factory-x", b"in between\n")
    screen.console.write("backend", b"ended\n")

    assert screen.lines == ["factory-x │ in between", "backend   │ begun, ended"]


def test_empty_lines_are_left_out() -> None:
    screen = Screen()

    screen.console.write("backend", b"\n  \r\none\n\n")

    assert screen.lines == ["backend   │ one"]


def test_what_a_program_began_is_shown_when_it_ends() -> None:
    screen = Screen()
    screen.console.write("backend", b"last wor")

    screen.console.finish("backend")
    screen.console.finish("backend")

    assert screen.lines == ["backend   │ last wor"]


def test_an_endless_line_is_broken_between_characters_and_not_kept_in_memory() -> None:
    screen = Screen()

    screen.console.write("backend", "가".encode() * LONGEST_LINE)
    screen.console.finish("backend")

    texts = [line.removeprefix("backend   │ ") for line in screen.lines]
    assert "".join(texts) == "가" * LONGEST_LINE
    assert all(len(text.encode()) <= LONGEST_LINE for text in texts)


def test_bytes_that_are_no_text_do_no_harm() -> None:
    screen = Screen()

    screen.console.write("backend", b"\xff\xfe\n")
    screen.console.write("backend", b"after\r\n")

    assert screen.lines == ["backend   │ \ufffd\ufffd", "backend   │ after"]


def test_a_log_cannot_move_the_cursor_or_change_the_title() -> None:
    screen = Screen()

    screen.console.write("backend", b"\x1b]0;mine\x07\ttab\x9b2J\n")

    assert screen.lines == ["backend   │ \\x1b]0;mine\\x07\ttab\ufffd2J"]


def test_no_log_can_turn_the_line_around() -> None:
    screen = Screen()

    screen.console.write("backend", "CP-\u202e105\u2066\n".encode())

    assert screen.lines == ["backend   │ CP-\\x202e105\\x2066"]


def test_json_is_shown_as_a_person_reads_it_and_cannot_move_the_cursor_either() -> None:
    screen = Screen()

    screen.console.write("backend", b'{"event": "sold \\u001b[2J", "level": "info", "exception": "one\\ntwo"}\n')

    assert screen.lines == ["backend   │ sold \\x1b[2J", "backend   │ one", "backend   │ two"]


def test_names_are_coloured_and_the_lines_are_not() -> None:
    screen = Screen(colour=True)

    screen.console.write("backend", b"one\n")

    assert screen.lines == ["\x1b[36mbackend   │ \x1b[0mone"]


def test_a_terminal_that_is_gone_does_not_end_the_shop() -> None:
    class Gone(io.BytesIO):
        def write(self, _data: object) -> int:
            raise BrokenPipeError

    console = Console(stream=Gone(), names=["backend"], colour=False)

    console.say("one")
    console.say("two")
