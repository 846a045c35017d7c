import stat
from pathlib import Path

import pytest

from backend import settings
from backend.entrypoints.up.secret_files import make_missing_secrets
from backend.settings import Settings

NAMES = ("callback_secrets", "operator_token")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in NAMES:
        monkeypatch.delenv(f"FACTOAUTO_{name.upper()}", raising=False)
    monkeypatch.setenv("FACTOAUTO_VAR_DIR", str(tmp_path / "var"))
    return tmp_path / "var"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_first_start_makes_secrets_that_only_their_owner_can_read(folder: Path) -> None:
    make_missing_secrets(settings.load())

    assert mode(folder) == 0o700
    assert {path.name: mode(path) for path in folder.iterdir()} == dict.fromkeys(NAMES, 0o600)
    loaded = settings.load()
    assert len(loaded.callback_secrets[0]) >= 43
    assert len(loaded.operator_token[0]) >= 43
    assert loaded.callback_secrets != loaded.operator_token


def test_the_second_start_keeps_them(folder: Path) -> None:
    make_missing_secrets(settings.load())
    before = {name: (folder / name).read_text() for name in NAMES}

    make_missing_secrets(settings.load())

    assert {name: (folder / name).read_text() for name in NAMES} == before


def test_an_empty_file_left_by_a_crash_is_made_again(folder: Path) -> None:
    folder.mkdir()
    (folder / "operator_token").touch()

    make_missing_secrets(settings.load())

    assert settings.load().operator_token


def test_own_secrets_are_used_and_not_written_down(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTOAUTO_CALLBACK_SECRETS", "sixteen characters or more")
    monkeypatch.setenv("FACTOAUTO_OPERATOR_TOKEN", "anna:token")

    make_missing_secrets(settings.load())

    assert list(folder.iterdir()) == []


def test_a_folder_open_to_others_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)

    make_missing_secrets(Settings(var_dir=tmp_path))

    assert mode(tmp_path) == 0o700
