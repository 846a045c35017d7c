"""The terminal: every program's lines under its name, and what ``up`` itself has to say."""

import unicodedata
from collections.abc import Sequence
from typing import BinaryIO

from backend.entrypoints.up.log_lines import make_readable

OWN_NAME = "up"
LONGEST_LINE = 16_384
_COLOURS = ("36", "33", "35", "32", "34", "31")
_SEPARATOR = " │ "
_DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


class Console:
    """Writes whole lines, each under the name of the program that it came from.

    Bytes go in as they come out of a pipe: parts of lines, parts of characters. Only when a line is complete is
    it decoded, as UTF-8, and shown with its control characters made visible, so that no log can move the cursor.
    """

    def __init__(self, *, stream: BinaryIO, names: Sequence[str], colour: bool) -> None:
        """``stream`` takes UTF-8; ``names`` are the programs', which decide how wide the column is."""
        self._stream = stream
        self._width = max(len(name) for name in (*names, OWN_NAME))
        self._colours = dict(zip(names, _COLOURS, strict=False)) if colour else {}
        self._started: dict[str, bytes] = {}
        self._is_open = True

    def write(self, name: str, data: bytes) -> None:
        """Show the lines that these bytes complete, and keep the rest for later."""
        *lines, rest = (self._started.pop(name, b"") + data).split(b"\n")
        while len(rest) > LONGEST_LINE:
            cut = _end_of_character(rest, at=LONGEST_LINE)
            lines, rest = [*lines, rest[:cut]], rest[cut:]
        if rest:
            self._started[name] = rest
        for line in lines:
            if line.strip():
                self._show(name, line.decode("utf-8", errors="replace"))

    def finish(self, name: str) -> None:
        """Show what a program has begun and will not complete."""
        rest = self._started.pop(name, b"")
        if rest:
            self._show(name, rest.decode("utf-8", errors="replace"))

    def say(self, text: str) -> None:
        """Show a line of ``up`` itself."""
        self._show(OWN_NAME, text)

    def show(self, block: str) -> None:
        """Show a block of text as it is, without a name before its lines."""
        self._put(f"{block}\n")

    def _show(self, name: str, line: str) -> None:
        label = f"{name:<{self._width}}{_SEPARATOR}"
        if colour := self._colours.get(name):
            label = f"\x1b[{colour}m{label}\x1b[0m"
        for part in make_readable(line.rstrip()):
            self._put(f"{label}{_printable(part)}\n")

    def _put(self, text: str) -> None:
        if not self._is_open:
            return
        try:
            self._stream.write(text.encode("utf-8", errors="replace"))
            self._stream.flush()
        except (OSError, ValueError):  # the terminal is gone; the shop is not
            self._is_open = False


def _end_of_character(data: bytes, *, at: int) -> int:
    while at > 0 and data[at] & 0xC0 == 0x80:
        at -= 1
    return at


def _printable(line: str) -> str:
    return "".join(
        f"\\x{ord(character):02x}" if character != "\t" and _is_obeyed(character) else character
        for character in line
    )


def _is_obeyed(character: str) -> bool:
    """Whether a terminal does something else than show it: control characters, changes of direction."""
    return unicodedata.category(character) == "Cc" or character in _DIRECTIONS
