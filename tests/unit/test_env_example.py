"""``.env.example`` says what the three programs read, and what they do without it."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

import backend.settings
import dashboard.settings
import factory_mock.settings

FILE = Path(__file__).parents[2] / ".env.example"
PROGRAMS: tuple[type[BaseSettings], ...] = (
    backend.settings.Settings,
    dashboard.settings.Settings,
    factory_mock.settings.Settings,
)


def variable(name: str, field: FieldInfo) -> str:
    alias = field.validation_alias
    if alias is None:
        return f"FACTOAUTO_{name.upper()}"
    return alias if isinstance(alias, str) else str(getattr(alias, "choices", [])[0])


def documented() -> dict[str, str]:
    """Each variable and its value, as a shell would take the line without its ``#``."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    assignments = [line[1:].split("=", 1) for line in lines if re.match(r"#[A-Z_]+=", line)]
    return {name: "".join(shlex.split(value)) for name, value in assignments}


def settings() -> Iterator[tuple[str, str, type[BaseSettings]]]:
    for program in PROGRAMS:
        for name, field in program.model_fields.items():
            if name != "operator_token_file":  # as the file's head says, for every secret
                yield variable(name, field), name, program


def test_every_setting_is_named_and_none_that_nobody_reads() -> None:
    assert set(documented()) == {named for named, _, _ in settings()}


def test_every_default_is_the_one_that_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a folder without var, and so without secrets of a local run
    for named in documented():
        monkeypatch.delenv(named, raising=False)
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    before = [program().model_dump() for program in PROGRAMS]

    for named, value in documented().items():
        monkeypatch.setenv(named, value)

    assert [program().model_dump() for program in PROGRAMS] == before
