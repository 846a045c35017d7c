"""What was measured, a line of JSON each, written at once: a run that breaks off keeps what it has."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Record:
    """One measurement: of what, under which circumstances, and the numbers."""

    part: str
    database: str = ""
    contender: str = ""
    goods: str = ""
    connections: int = 0
    numbers: dict[str, float] = field(default_factory=dict)
    note: str = ""

    def line(self) -> str:
        """For people to watch."""
        words = (f"{word:{width}}" for word, width in ((self.part, 8), (self.database, 8), (self.contender, 13)))
        circumstances = f"{' '.join(words)} {self.goods:7} {self.connections or '':4}"
        numbers = "  ".join(f"{name} {number:,.2f}" for name, number in self.numbers.items())
        return f"{circumstances} {numbers}  {self.note}".rstrip()


class Records:
    """A file of records."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def clear(self) -> None:
        """Begin anew; what was there stays beside it, with ``.before``."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        if self._file.exists():
            self._file.replace(self._file.with_suffix(".before"))

    def add(self, record: Record) -> None:
        """Keep a record, and show it."""
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(record), ensure_ascii=False) + "\n")
        print(record.line(), flush=True)  # noqa: T201

    def __iter__(self) -> Iterator[Record]:
        """Every record, in the order in which they were measured."""
        if self._file.exists():
            for line in self._file.read_text(encoding="utf-8").splitlines():
                yield Record(**json.loads(line))
